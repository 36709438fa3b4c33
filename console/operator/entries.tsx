import { useMemo } from 'preact/hooks';
import { type Column, DataTable } from '../components/data-table';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { isRefused } from './chart';
import type { Item } from './routes';
import { State } from './standing';

type Entry = Item<'log.list'>;

/** The last entries of one user or group, and the way to all of them. */
export function History({
  tenantId,
  of,
}: {
  readonly tenantId: string;
  readonly of: { readonly id: string; readonly log: readonly Entry[] };
}) {
  return (
    <section class="card" aria-label="What happened">
      <div class="row">
        <h2>What happened</h2>
        <a href={hrefOf(['tenants', tenantId, 'log'], { about: of.id, since: '90d' })}>All of it</a>
      </div>
      <LogTable
        tenantId={tenantId}
        entries={of.log.toReversed()}
        empty="The log has nothing about this, as far as it goes back."
      />
    </section>
  );
}

/** Entries of the provisioning log: names lead to who is named. */
export function LogTable({
  tenantId,
  entries,
  empty,
  onMore,
  busy,
}: {
  readonly tenantId: string;
  readonly entries: readonly Entry[];
  readonly empty: string;
  readonly onMore?: () => void;
  readonly busy?: boolean;
}) {
  const seen = new Map<string, number>();
  const keyOf = (entry: Entry): string => {
    const text = JSON.stringify(entry);
    seen.set(text, (seen.get(text) ?? 0) + 1);
    return `${text}${seen.get(text)}`;
  };
  const keys = new Map(entries.map((entry) => [entry, keyOf(entry)]));
  const columns = useMemo(() => columnsOf(tenantId), [tenantId]);
  return (
    <DataTable
      caption="Entries, the last one first"
      rows={entries}
      keyOf={(entry) => keys.get(entry) ?? ''}
      empty={empty}
      onMore={onMore}
      busy={busy}
      columns={columns}
    />
  );
}

const columnsOf = (tenantId: string): readonly Column<Entry>[] => [
  { title: 'When', share: 3, cell: ({ time }) => <RelativeTime at={time} /> },
  {
    title: 'What',
    share: 5,
    cell: (entry) => (
      <div class="stack-tight">
        <span class="row">
          {isRefused(entry) && <State state="failed" name="refused" />}
          <span>{entry.type}</span>
        </span>
        {detailsOf(entry) !== '' && <span class="muted">{detailsOf(entry)}</span>}
      </div>
    ),
  },
  { title: 'Who', share: 4, cell: ({ actor }) => <Actor tenantId={tenantId} actor={actor} /> },
  { title: 'About', share: 8, cell: (entry) => <About tenantId={tenantId} entry={entry} /> },
];

function Actor({ tenantId, actor }: { readonly tenantId: string; readonly actor: string | undefined }) {
  if (actor === undefined) return <span class="muted">unknown</span>;
  return <a href={hrefOf(['tenants', tenantId, 'log'], { actor })}>{actor}</a>;
}

function About({ tenantId, entry }: { readonly tenantId: string; readonly entry: Entry }) {
  const { resourceId, groupId, type } = entry;
  if (resourceId === undefined) return null;
  const kind = type.startsWith('group.') ? 'groups' : 'users';
  return (
    <div class="stack-tight">
      <a href={hrefOf(['tenants', tenantId, kind, resourceId])}>{resourceId}</a>
      {groupId !== undefined && (
        <span>
          group <a href={hrefOf(['tenants', tenantId, 'groups', groupId])}>{groupId}</a>
        </span>
      )}
    </div>
  );
}

/** What an entry tells besides, in words. */
export function detailsOf(entry: Entry): string {
  const {
    changed,
    asked,
    roles,
    tokenId,
    clientId,
    unknown,
    count,
    method,
    route,
    status,
    scimType,
    detail,
  } = entry;
  return [
    status === undefined ? undefined : [method, route, status].filter(Boolean).join(' '),
    scimType,
    detail,
    changed?.join(', '),
    asked === undefined ? undefined : askedText(asked),
    roles?.join(', '),
    tokenId === undefined ? undefined : `token ${tokenId}`,
    clientId === undefined ? undefined : `client ${clientId}`,
    unknown === undefined ? undefined : `left out ${unknown} that are no user or group`,
    count === undefined || count === 1 ? undefined : `${count} times`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('; ');
}

function askedText({
  add,
  remove,
  added = add?.length,
  removed = remove?.length,
}: NonNullable<Entry['asked']>): string {
  const parts = [added ? `add ${added}` : undefined, removed ? `remove ${removed}` : undefined];
  return `asks to ${parts.filter((part) => part !== undefined).join(' and to ')}`;
}
