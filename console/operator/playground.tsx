import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlaygroundAnswer, PlaygroundFeed } from '../../src/console-api/shown';
import { DataTable } from '../components/data-table';
import { RelativeTime } from '../components/relative-time';
import { Tabs } from '../components/tabs';
import { hrefOf } from './address';
import { call } from './call';
import { LogTable } from './entries';
import { useEvery, useLoaded } from './loading';
import { Failure, Heading, Showing } from './parts';
import { State } from './standing';

const LOOK_EVERY_MS = 1_000;
const MAX_ANSWERS = 20;

/** Plays identity providers against the local run: what they send, what is answered, and what follows. */
export function PlaygroundPage() {
  const providers = useLoaded((signal) => call('playground.providers', {}, signal), []);
  return (
    <div class="stack">
      <Heading>Playground</Heading>
      <p>
        Each step sends one request to this local run as the identity provider writes it. Go through them from
        top to bottom, and let the user sign in before you disable them.
      </p>
      <Showing of={providers}>{({ providers: list }) => <Provider providers={list} />}</Showing>
    </div>
  );
}

type Providers = Awaited<ReturnType<typeof call<'playground.providers'>>>['providers'];

function Provider({ providers }: { readonly providers: Providers }) {
  const [current, setCurrent] = useState(providers[0]?.id ?? '');
  const [answers, setAnswers] = useState<readonly (PlaygroundAnswer & { readonly title: string })[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState<string>();
  const provider = providers.find(({ id }) => id === current);
  const send = async (step: string, title: string) => {
    if (busy !== undefined) return;
    setBusy(step);
    setFailure(undefined);
    try {
      const answer = await call('playground.send', { provider: current, step });
      setAnswers((before) => [{ ...answer, title }, ...before].slice(0, MAX_ANSWERS));
    } catch (error) {
      setFailure(error as Error);
    }
    setBusy(undefined);
  };
  return (
    <>
      <Tabs
        label="Identity providers"
        tabs={providers.map(({ id, name }) => ({ id, title: `As ${name}` }))}
        current={current}
        onChoose={setCurrent}
      >
        <ol class="choices">
          {provider?.steps.map(({ id, title, about }) => (
            <li key={id}>
              <button
                type="button"
                class="choice"
                aria-disabled={busy === id}
                onClick={() => void send(id, title)}
              >
                <strong>{title}</strong>
                <span>{about}</span>
              </button>
            </li>
          ))}
        </ol>
      </Tabs>
      <Failure failure={failure} />
      <Exchange answer={answers[0]} />
      <Followed userId={answers.find(({ userId }) => userId !== undefined)?.userId} />
    </>
  );
}

function Exchange({
  answer,
}: {
  readonly answer: (PlaygroundAnswer & { readonly title: string }) | undefined;
}) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the answer is far below the step that was pressed.
    if (answer !== undefined) section.current?.scrollIntoView({ block: 'nearest' });
  }, [answer]);
  if (answer === undefined) return null;
  const { title, method, path, requestHeaders, requestBody, status, responseBody, milliseconds } = answer;
  const headers = Object.entries(requestHeaders).map(([name, value]) => `${name}: ${value}`);
  return (
    <section ref={section} class="card" aria-label="Request and answer">
      <h2>{title}</h2>
      <div class="halves">
        <div class="stack-tight">
          <h3>Request</h3>
          <pre class="exchange">
            {[`${method} ${path}`, ...headers, ...(requestBody === undefined ? [] : ['', requestBody])].join(
              '\n',
            )}
          </pre>
        </div>
        <div class="stack-tight">
          <h3>Answer</h3>
          <p class="row" role="status">
            <State
              state={status >= 200 && status < 300 ? 'done' : 'failed'}
              name={status === 0 ? 'refused' : String(status)}
            />
            <span>after {milliseconds} ms</span>
          </p>
          {responseBody !== '' && <pre class="exchange">{responseBody}</pre>}
        </div>
      </div>
    </section>
  );
}

function Followed({ userId }: { readonly userId: string | undefined }) {
  const feed = useLoaded((signal) => call('playground.feed', {}, signal), []);
  useEvery(LOOK_EVERY_MS, true, feed.reload);
  return (
    <Showing of={feed}>
      {({ tenantId, events, session }) => (
        <>
          <section class="card" aria-label="What followed">
            <div class="row">
              <h2>What followed</h2>
              {session !== undefined && (
                <span class="row">
                  The session is
                  <State
                    state={session.active ? 'active' : 'ended'}
                    name={session.active ? 'alive' : `dead (${session.reason})`}
                  />
                </span>
              )}
              {userId !== undefined && <a href={hrefOf(['tenants', tenantId, 'users', userId])}>The user</a>}
            </div>
            <Events events={events} />
          </section>
          <section class="card" aria-label="The log">
            <Entries tenantId={tenantId} last={events.at(-1)?.number ?? 0} />
          </section>
        </>
      )}
    </Showing>
  );
}

function Events({ events }: { readonly events: PlaygroundFeed['events'] }) {
  return (
    <DataTable
      caption="Events that your services would be told, the last one first"
      rows={events.toReversed().slice(0, 10)}
      keyOf={({ number }) => String(number)}
      empty="None yet."
      columns={[
        {
          title: 'Event',
          cell: ({ time, type, detail }) => (
            <div class="stack-tight">
              <span class="row">
                <strong>{type}</strong>
                <span class="muted">
                  <RelativeTime at={time} />
                </span>
              </span>
              {lagOf(time, type, detail)}
              <code>{detail}</code>
            </div>
          ),
        },
      ]}
    />
  );
}

/** How long after the request the last session was removed, and this was told. */
function lagOf(time: string, type: string, detail: string) {
  const [, requestedAt] = /"requestedAt":"([^"]+)"/.exec(detail) ?? [];
  if (type !== 'sessions.revoked' || requestedAt === undefined) return null;
  return (
    <span>
      Told {(Date.parse(time) - Date.parse(requestedAt)).toLocaleString('en')} ms after the request.
    </span>
  );
}

function Entries({ tenantId, last }: { readonly tenantId: string; readonly last: number }) {
  const log = useLoaded((signal) => call('log.list', { tenantId, limit: 8 }, signal), [tenantId, last]);
  useEvery(2 * LOOK_EVERY_MS, true, log.reload);
  return (
    <Showing of={log}>
      {({ items }) => <LogTable tenantId={tenantId} entries={items} empty="The log has nothing yet." />}
    </Showing>
  );
}
