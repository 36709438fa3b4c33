import { DataTable } from '../components/data-table';
import { ForeignText } from '../components/foreign-text';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { call } from './call';
import { History } from './entries';
import { useLoaded } from './loading';
import { Action, CommandShown, Facts, Heading, Showing } from './parts';
import type { Result } from './routes';
import { State } from './standing';

type Group = Result<'groups.show'>;

/** Everything that support asks about one group. */
export function GroupPage({ tenantId, groupId }: { readonly tenantId: string; readonly groupId: string }) {
  const group = useLoaded(
    (signal) => call('groups.show', { tenantId, groupId }, signal),
    [tenantId, groupId],
  );
  return (
    <div class="stack">
      <Heading
        above={
          <>
            <a href={hrefOf(['tenants', tenantId])}>{tenantId}</a> /{' '}
            <a href={hrefOf(['tenants', tenantId, 'groups'])}>Groups</a>
          </>
        }
      >
        {group.value?.displayName ?? groupId}
      </Heading>
      <Showing of={group}>
        {(found) => (
          <>
            <Identity group={found} />
            <Members group={found} />
            <History tenantId={tenantId} of={found} />
            {found.state === 'deleted' && (
              <section class="card" aria-label="What can be done">
                <h2>What can be done</h2>
                <Action
                  title="Restore"
                  about="Under the same id, without its members: Undo puts members back."
                  words={['group restore', tenantId, found.id]}
                  onDo={async () => {
                    await call('groups.restore', { tenantId, groupId: found.id });
                    group.reload();
                    return 'The group is back.';
                  }}
                />
              </section>
            )}
          </>
        )}
      </Showing>
    </div>
  );
}

function Identity({ group }: { readonly group: Group }) {
  const at = (moment: string | undefined) => moment && <RelativeTime at={moment} />;
  return (
    <section class="card" aria-label="Identity">
      <div class="row">
        <h2>{group.displayName ?? 'Without a name'}</h2>
        <State state={group.state} />
      </div>
      {group.pending.map(({ work, since }) => (
        <Notice key={work} kind="warning">
          <p>
            Still to be done: {work}, since <RelativeTime at={since} />.
          </p>
        </Notice>
      ))}
      <Facts
        facts={[
          ['Id', <code key="id">{group.id}</code>],
          ['External id', group.externalId],
          ['Gives', group.roles.map(({ role }) => role).join(', ') || 'no role by itself'],
          ['Created', at(group.created)],
          ['Changed', at(group.lastModified)],
          ['Deleted', at(group.deletedAt)],
          ['Can be restored', at(group.restorableUntil)],
          ['Version', group.version],
        ]}
      />
      <CommandShown words={['group show', group.tenantId, group.id]} />
    </section>
  );
}

function Members({ group: { tenantId, users, groups, memberOf } }: { readonly group: Group }) {
  const named = (caption: string, { total, first }: Group['groups'], empty: string) => (
    <DataTable
      caption={captionOf(caption, total, first.length)}
      rows={first}
      keyOf={({ id }) => id}
      empty={empty}
      columns={[
        {
          title: 'Group',
          cell: ({ id, displayName }) => (
            <a href={hrefOf(['tenants', tenantId, 'groups', id])}>
              <ForeignText>{displayName}</ForeignText>
            </a>
          ),
        },
      ]}
    />
  );
  return (
    <section class="card" aria-label="Members">
      <DataTable
        caption={captionOf('Users in it', users.total, users.first.length)}
        rows={users.first}
        keyOf={({ id }) => id}
        empty="No user is a member directly."
        columns={[
          {
            title: 'User',
            cell: ({ id, userName }) => (
              <a href={hrefOf(['tenants', tenantId, 'users', id])}>
                <ForeignText>{userName}</ForeignText>
              </a>
            ),
          },
          { title: 'Access', cell: ({ active }) => <State state={active ? 'active' : 'inactive'} /> },
        ]}
      />
      {groups.total > 0 && named('Groups in it', groups, '')}
      {memberOf.total > 0 && named('Groups that it is in', memberOf, '')}
    </section>
  );
}

const captionOf = (caption: string, total: number, shown: number): string =>
  shown < total
    ? `${caption}: the first ${shown} of ${total.toLocaleString('en')}`
    : `${caption}: ${total.toLocaleString('en')}`;
