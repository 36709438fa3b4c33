import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { call } from './call';
import { LogChart } from './chart';
import { LogTable } from './entries';
import { useEvery, useLoaded } from './loading';
import { CommandShown, Facts, Showing } from './parts';
import type { Result } from './routes';
import { State } from './standing';

const HOUR_MS = 3_600_000;

/** How it stands with a tenant. */
export function Overview({ tenant }: { readonly tenant: Result<'tenants.show'> }) {
  const { tenantId, connection, counts, createdAt, telling } = tenant;
  const refusal = connection.lastRefusal;
  const lastHour = useLoaded(
    (signal) =>
      call(
        'log.list',
        { tenantId, since: new Date(Date.now() - HOUR_MS).toISOString(), limit: 1_000 },
        signal,
      ),
    [tenantId],
  );
  useEvery(10_000, true, lastHour.reload);
  return (
    <div class="stack">
      <section class="card" aria-label="Connection">
        <div class="row">
          <h2>Connection</h2>
          <State state={connection.state} name={connection.name} />
        </div>
        <p>{connection.meaning}</p>
        {connection.advice !== undefined && <Notice kind="warning">{connection.advice}</Notice>}
        <Facts
          facts={[
            ['Id', <code key="id">{tenantId}</code>],
            [
              'Last request',
              connection.lastRequestAt && <RelativeTime key="at" at={connection.lastRequestAt} />,
            ],
            [
              'Other stores of sessions',
              telling &&
                `told of ${telling.notifiedUsers.toLocaleString('en')} users, about ${telling.usersLeft.toLocaleString('en')} are left`,
            ],
            ['Users', counts.users.toLocaleString('en')],
            ['Groups', counts.groups.toLocaleString('en')],
            ['Created', <RelativeTime key="created" at={createdAt} />],
          ]}
        />
        {refusal !== undefined && (
          <Notice kind="bad" title="The last refusal">
            <p>
              <RelativeTime at={refusal.time} />: {[refusal.method, refusal.route, refusal.status].join(' ')}
            </p>
            {refusal.detail !== undefined && <p>{refusal.detail}</p>}
            {refusal.advice !== undefined && <p>{refusal.advice}</p>}
          </Notice>
        )}
        <CommandShown words={['tenant show', tenantId]} />
      </section>
      <section class="card" aria-label="The last hour">
        <div class="row">
          <h2>The last hour</h2>
          <a href={hrefOf(['tenants', tenantId, 'log'])}>All of the log</a>
        </div>
        <Showing of={lastHour}>
          {({ items, nextCursor }) => (
            <>
              <LogChart entries={items} isCut={nextCursor !== undefined} spanMs={HOUR_MS} />
              <LogTable tenantId={tenantId} entries={items.slice(0, 8)} empty="Nothing has happened." />
            </>
          )}
        </Showing>
      </section>
    </div>
  );
}
