import type { SetupResults } from '../../src/setup-api/routes';
import { DataTable } from '../components/data-table';
import { ForeignText } from '../components/foreign-text';
import { RelativeTime } from '../components/relative-time';

export type Entry = SetupResults['GET /log']['items'][number];

interface EntriesProps {
  readonly caption: string;
  readonly entries: readonly Entry[];
  readonly empty: string;
  readonly onMore?: (() => void) | undefined;
  readonly busy?: boolean;
}

/** Entries of the provisioning log: when, what, and of a refusal why and what to do. */
export function Entries({ caption, entries, empty, onMore, busy = false }: EntriesProps) {
  return (
    <DataTable
      caption={caption}
      rows={entries}
      keyOf={({ time, type, requestId, resourceId, groupId }) =>
        [time, type, requestId, resourceId, groupId].join(' ')
      }
      empty={empty}
      busy={busy}
      {...(onMore === undefined ? {} : { onMore })}
      columns={[
        { title: 'When', cell: ({ time }) => <RelativeTime at={time} /> },
        { title: 'What', cell: (entry) => <What entry={entry} /> },
        { title: 'Details', cell: (entry) => <Details entry={entry} /> },
      ]}
    />
  );
}

function What({ entry: { type, method, route, count } }: { readonly entry: Entry }) {
  return (
    <>
      {method === undefined ? (
        inWords(type)
      ) : (
        <code>
          {method} {route}
        </code>
      )}
      {count !== undefined && count > 1 && ` (${count} times)`}
    </>
  );
}

function Details({ entry }: { readonly entry: Entry }) {
  const { status, detail, advice, changed, resourceId, actor } = entry;
  if (detail !== undefined) {
    return (
      <>
        {status !== undefined && <strong>{status} </strong>}
        {detail}
        {advice !== undefined && <div class="muted">{advice}</div>}
      </>
    );
  }
  return (
    <div class="stack-tight">
      {changed !== undefined && changed.length > 0 && (
        <span>
          <ForeignText>{changed.join(', ')}</ForeignText>
        </span>
      )}
      {resourceId !== undefined && <code>{resourceId}</code>}
      {actor !== undefined && <span class="muted">by {actor}</span>}
    </div>
  );
}

/** `user.deactivated` as "user deactivated". */
const inWords = (type: string) =>
  type
    .replaceAll('.', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
