import { useMemo, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { type Column, DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { ForeignText } from '../components/foreign-text';
import { RelativeTime } from '../components/relative-time';
import { SearchField } from '../components/search-field';
import { go, hrefOf } from './address';
import { call } from './call';
import { usePages } from './loading';
import type { PartProps } from './part';
import { CommandShown, Showing } from './parts';
import type { Item } from './routes';

/** All groups, or those that are found as one types. */
export function GroupsPart({ tenantId, query: { q = '' } }: PartProps) {
  const [name, setName] = useState('');
  return (
    <div class="stack">
      <SearchField
        label="Find groups by how displayName begins"
        value={q}
        onSearch={(text) => go(['tenants', tenantId, 'groups'], { q: text }, true)}
      />
      <Listed tenantId={tenantId} q={q} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== '') go(['tenants', tenantId, 'groups', name]);
        }}
      >
        <Field
          label="Open by id, displayName or externalId; deleted groups by their id"
          value={name}
          onChange={setName}
        />
        <div class="end">
          <Button onPress={() => name !== '' && go(['tenants', tenantId, 'groups', name])}>Open</Button>
        </div>
      </form>
    </div>
  );
}

function Listed({ tenantId, q }: { readonly tenantId: string; readonly q: string }) {
  const groups = usePages(
    (cursor, signal) =>
      q === ''
        ? call('groups.list', { tenantId, limit: 50, cursor }, signal)
        : call('groups.find', { tenantId, prefix: q, limit: 50, cursor }, signal),
    [tenantId, q],
  );
  const columns = useMemo(() => columnsOf(tenantId), [tenantId]);
  return (
    <>
      <Showing of={groups}>
        {(rows) => (
          <DataTable
            caption={q === '' ? 'All groups' : `Groups whose name begins with “${q}”`}
            rows={rows}
            keyOf={({ id }) => id}
            empty={q === '' ? 'There are no groups yet.' : 'No group is called so.'}
            onMore={groups.more}
            busy={groups.isLoading}
            columns={columns}
          />
        )}
      </Showing>
      <CommandShown words={q === '' ? ['group list', tenantId] : ['group find', tenantId, q]} />
    </>
  );
}

const columnsOf = (tenantId: string): readonly Column<Item<'groups.list'>>[] => [
  {
    title: 'Group',
    share: 5,
    cell: ({ id, displayName = id }) => (
      <a href={hrefOf(['tenants', tenantId, 'groups', id])}>
        <ForeignText>{displayName}</ForeignText>
      </a>
    ),
  },
  { title: 'External id', share: 4, cell: ({ externalId = '' }) => <ForeignText>{externalId}</ForeignText> },
  { title: 'Changed', share: 3, cell: ({ lastModified }) => <RelativeTime at={lastModified} /> },
];
