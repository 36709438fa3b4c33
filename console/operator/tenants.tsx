import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { ForeignText } from '../components/foreign-text';
import { RelativeTime } from '../components/relative-time';
import { go, hrefOf } from './address';
import { call } from './call';
import { usePages } from './loading';
import { Action, CommandShown, Heading, Showing } from './parts';
import type { Item, Result } from './routes';
import { State } from './standing';

type Tenant = Item<'tenants.list'>;
type Shown = Result<'tenants.show'>;

const PER_PAGE = 25;
/** Looks at tenants that are under way at once: each takes some ten reads. */
const AT_ONCE = 4;

/** All tenants with how they stand. */
export function TenantsPage() {
  const tenants = usePages((cursor) => call('tenants.list', { limit: PER_PAGE, cursor }), []);
  const states = useStates(tenants.value ?? []);
  return (
    <div class="stack">
      <Heading>Tenants</Heading>
      <Showing of={tenants}>
        {(rows) => (
          <DataTable
            caption="Tenants by id"
            rows={rows}
            keyOf={({ tenantId }) => tenantId}
            empty="There is no tenant yet: create the first one below."
            onMore={tenants.more}
            busy={tenants.isLoading}
            columns={columnsOf(states)}
          />
        )}
      </Showing>
      <CommandShown words={['tenant list']} />
      {tenants.more !== undefined && <OpenTenant />}
      <h2>What can be done</h2>
      <CreateTenant />
    </div>
  );
}

const columnsOf = (states: ReadonlyMap<string, Shown | Error>) => [
  {
    title: 'Tenant',
    cell: ({ tenantId, name }: Tenant) => (
      <>
        <a href={hrefOf(['tenants', tenantId])}>{tenantId}</a>
        <div class="muted">
          <ForeignText>{name}</ForeignText>
        </div>
      </>
    ),
  },
  {
    title: 'Connection',
    cell: ({ tenantId, status }: Tenant) => {
      const shown = states.get(tenantId);
      if (status === 'suspended') return <State state="suspended" />;
      if (shown === undefined) return <span class="muted">…</span>;
      if (shown instanceof Error) return <span class="muted">{shown.message}</span>;
      return <State state={shown.connection.state} name={shown.connection.name} />;
    },
  },
  {
    title: 'Last request',
    cell: ({ tenantId }: Tenant) => {
      const at = shownOf(states, tenantId)?.connection.lastRequestAt;
      return at === undefined ? <span class="muted">none</span> : <RelativeTime at={at} />;
    },
  },
  { title: 'Users', cell: ({ tenantId }: Tenant) => numberText(shownOf(states, tenantId)?.counts.users) },
  { title: 'Groups', cell: ({ tenantId }: Tenant) => numberText(shownOf(states, tenantId)?.counts.groups) },
];

const shownOf = (states: ReadonlyMap<string, Shown | Error>, tenantId: string): Shown | undefined => {
  const shown = states.get(tenantId);
  return shown instanceof Error ? undefined : shown;
};

const numberText = (value: number | undefined): string => value?.toLocaleString('en') ?? '';

/** How each tenant stands, a few at a time, as they come. */
function useStates(tenants: readonly Tenant[]): ReadonlyMap<string, Shown | Error> {
  const [states, setStates] = useState<ReadonlyMap<string, Shown | Error>>(new Map());
  const ids = tenants.map(({ tenantId }) => tenantId).join(' ');
  useEffect(() => {
    const left = ids.split(' ').filter((id) => id !== '' && !states.has(id));
    let isOver = false;
    const lane = async () => {
      for (let id = left.shift(); id !== undefined && !isOver; id = left.shift()) {
        const tenantId = id;
        const shown = await call('tenants.show', { tenantId }).catch((error: Error) => error);
        setStates((before) => new Map(before).set(tenantId, shown));
      }
    };
    for (let n = 0; n < AT_ONCE; n++) void lane();
    return () => {
      isOver = true;
    };
  }, [ids]);
  return states;
}

/** Where there are more tenants than one looks through. */
function OpenTenant() {
  const [tenantId, setTenantId] = useState('');
  const open = () => tenantId !== '' && go(['tenants', tenantId]);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <Field label="Open by id" value={tenantId} onChange={setTenantId} />
      <div class="end">
        <Button onPress={open}>Open</Button>
      </div>
    </form>
  );
}

function CreateTenant() {
  const [tenantId, setTenantId] = useState('');
  const [name, setName] = useState('');
  return (
    <Action
      title="Create a tenant"
      about="A customer with a directory of their own, as yet without credentials."
      words={['tenant create', tenantId || 'acme', '--name', name || 'Acme Inc']}
      onDo={async () => {
        const made = await call('tenants.create', { tenantId, name });
        go(['tenants', made.tenantId]);
        return `Tenant ${made.tenantId} is created.`;
      }}
    >
      <Field
        label="Id"
        value={tenantId}
        onChange={setTenantId}
        hint="1 to 40 lower-case letters, digits and inner hyphens; it stays."
      />
      <Field label="Name for people" value={name} onChange={setName} />
    </Action>
  );
}
