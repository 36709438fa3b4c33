import { DataTable } from '../components/data-table';
import { RelativeTime } from '../components/relative-time';
import { SearchField } from '../components/search-field';
import { go, hrefOf } from './address';
import { call } from './call';
import { usePages } from './loading';
import type { PartProps } from './part';
import { CommandShown, Showing } from './parts';
import { State } from './standing';

/** The users, or those who are found as one types. */
export function UsersPart({ tenantId, query: { q = '' } }: PartProps) {
  const users = usePages(
    (cursor, signal) =>
      q === ''
        ? call('users.list', { tenantId, limit: 50, cursor }, signal)
        : call('users.find', { tenantId, prefix: q, limit: 50, cursor }, signal),
    [tenantId, q],
  );
  return (
    <div class="stack">
      <SearchField
        label="Find users by how userName, an e-mail address or displayName begins"
        value={q}
        onSearch={(text) => go(['tenants', tenantId, 'users'], { q: text }, true)}
      />
      <Showing of={users}>
        {(rows) => (
          <DataTable
            caption={q === '' ? 'All users' : `Users whose name begins with “${q}”`}
            rows={rows}
            keyOf={({ id }) => id}
            empty={q === '' ? 'There are no users yet.' : 'Nobody is called so.'}
            onMore={users.more}
            busy={users.isLoading}
            columns={[
              {
                title: 'User',
                cell: ({ id, userName }) => (
                  <a href={hrefOf(['tenants', tenantId, 'users', id])}>{userName ?? id}</a>
                ),
              },
              { title: 'Name', cell: ({ displayName }) => displayName ?? '' },
              { title: 'Access', cell: ({ active }) => <State state={active ? 'active' : 'inactive'} /> },
              { title: 'External id', cell: ({ externalId }) => externalId ?? '' },
              { title: 'Changed', cell: ({ lastModified }) => <RelativeTime at={lastModified} /> },
            ]}
          />
        )}
      </Showing>
      <CommandShown words={q === '' ? ['user list', tenantId] : ['user find', tenantId, q]} />
    </div>
  );
}
