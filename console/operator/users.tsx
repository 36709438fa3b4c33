import { useMemo } from 'preact/hooks';
import { type Column, DataTable } from '../components/data-table';
import { ForeignText } from '../components/foreign-text';
import { RelativeTime } from '../components/relative-time';
import { SearchField } from '../components/search-field';
import { go, hrefOf } from './address';
import { call } from './call';
import { usePages } from './loading';
import type { PartProps } from './part';
import { CommandShown, Showing } from './parts';
import type { Item } from './routes';
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
  const columns = useMemo(() => columnsOf(tenantId), [tenantId]);
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
            columns={columns}
          />
        )}
      </Showing>
      <CommandShown words={q === '' ? ['user list', tenantId] : ['user find', tenantId, q]} />
    </div>
  );
}

const columnsOf = (tenantId: string): readonly Column<Item<'users.list'>>[] => [
  {
    title: 'User',
    share: 5,
    cell: ({ id, userName = id }) => (
      <a href={hrefOf(['tenants', tenantId, 'users', id])}>
        <ForeignText>{userName}</ForeignText>
      </a>
    ),
  },
  { title: 'Name', share: 4, cell: ({ displayName = '' }) => <ForeignText>{displayName}</ForeignText> },
  { title: 'Access', share: 2, cell: ({ active }) => <State state={active ? 'active' : 'inactive'} /> },
  { title: 'External id', share: 3, cell: ({ externalId = '' }) => <ForeignText>{externalId}</ForeignText> },
  { title: 'Changed', share: 3, cell: ({ lastModified }) => <RelativeTime at={lastModified} /> },
];
