import { useEffect } from 'preact/hooks';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { isSeenByCheckAlone, lastArrival, type ToldRequest } from './arrival';
import { type Connection, useSetup } from './setup-context';

const WAITING: ReturnType<typeof lastArrival> = { arrival: 'waiting' };

/** What has come from the identity provider, kept up to date: waiting, answered, or refused with what to do. */
export function LiveLine() {
  const { connection, guide } = useSetup();
  const { value, fault } = connection;
  const { arrival, request } = value === undefined ? WAITING : lastArrival(value);
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
          {request === undefined ? (
            <>Waiting for the first request of {name} …</>
          ) : (
            <Arrived request={request} isRefused={arrival === 'bad'} />
          )}
        </p>
      </div>
      {request !== undefined && isSeenByCheckAlone(request) && (
        <p class="muted">
          A request of this kind is seen here at most once in some minutes: when you test again, go by what{' '}
          {name} says of it.
        </p>
      )}
      {value !== undefined && request !== undefined && arrival === 'bad' && (
        <Refusal connection={value} request={request} />
      )}
      {fault?.code === 'offline' && (
        <p class="muted">The service cannot be reached at the moment. This page goes on trying.</p>
      )}
    </div>
  );
}

function Arrived({ request, isRefused }: { readonly request: ToldRequest; readonly isRefused: boolean }) {
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
function Refusal({
  connection,
  request,
}: {
  readonly connection: Connection;
  readonly request: ToldRequest;
}) {
  const { detail = connection.meaning, advice = connection.advice } = request;
  return (
    <Notice kind="bad">
      <p>{detail}</p>
      {advice !== undefined && <p>{advice}</p>}
    </Notice>
  );
}
