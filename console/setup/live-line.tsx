import { useEffect } from 'preact/hooks';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { type Connection, useSetup } from './setup-context';

/** How it stands with the connection, in one word. */
export type Arrival = 'waiting' | 'good' | 'bad';

/** What came last decides: a request that was refused, or one that was answered. */
export function arrivalOf({ lastRequest, refusals }: Connection): Arrival {
  const refusedAt = refusals[0]?.time ?? '';
  if (refusedAt > (lastRequest?.time ?? '')) return 'bad';
  if (lastRequest === undefined) return 'waiting';
  return (lastRequest.status ?? 200) >= 400 ? 'bad' : 'good';
}

/** What has come from the identity provider, kept up to date: waiting, answered, or refused with what to do. */
export function LiveLine() {
  const { connection, guide } = useSetup();
  const { value, fault } = connection;
  const arrival = value === undefined ? 'waiting' : arrivalOf(value);
  const name = guide?.name ?? 'the identity provider';
  useEffect(() => {
    if (arrival === 'good') announce(`${name} is connected.`);
    if (arrival === 'bad') announce('A request was refused.');
  }, [arrival, name]);
  return (
    <div class="stack">
      <div class="live">
        <span class={`live-dot ${arrival}`} aria-hidden="true" />
        <p>
          {value === undefined || arrival === 'waiting' ? (
            <>Waiting for the first request of {name} …</>
          ) : (
            <Arrived connection={value} isRefused={arrival === 'bad'} />
          )}
        </p>
      </div>
      {value !== undefined && arrival === 'bad' && <Refusal connection={value} />}
      {fault?.code === 'offline' && (
        <p class="muted">The service cannot be reached at the moment. This page goes on trying.</p>
      )}
    </div>
  );
}

function Arrived({
  connection,
  isRefused,
}: {
  readonly connection: Connection;
  readonly isRefused: boolean;
}) {
  const request = isRefused ? (connection.refusals[0] ?? connection.lastRequest) : connection.lastRequest;
  if (request === undefined) return null;
  const { status, method, route, time } = request;
  return (
    <>
      <strong>{isRefused ? 'Refused' : 'Connected'}</strong>: {status !== undefined && `${status}, `}
      {method !== undefined && (
        <>
          <code>
            {method} {route}
          </code>
          ,{' '}
        </>
      )}
      <RelativeTime at={time} />
    </>
  );
}

/** Why the last request was refused, and what to do about it. */
function Refusal({ connection }: { readonly connection: Connection }) {
  const { detail, advice } = connection.refusals[0] ?? connection.lastRequest ?? {};
  return (
    <Notice kind="bad">
      <p>{detail ?? connection.meaning}</p>
      {(advice ?? connection.advice) !== undefined && <p>{advice ?? connection.advice}</p>}
    </Notice>
  );
}
