import { readAttributedLog } from '../directory/log/attribution';
import type { LogEntry, LogEntryType } from '../directory/log/entry';
import { type Directory, settingsOf } from '../directory/resources/directory';
import type { ResourceId } from '../directory/table/keys';
import { listClients } from '../directory/tenants/clients';
import { listTokens } from '../directory/tenants/tokens';
import { rangeOf } from './log';

/** What has made somebody what they are: active, inactive or deleted. */
export interface StateSince extends Pick<LogEntry, 'time' | 'actor' | 'requestId'> {
  /** What the token or client is called that the actor presented, as long as it is known. */
  readonly label?: string;
}

type State = 'active' | 'inactive' | 'deleted';

/** What changes a state, and otherwise nothing does. */
const CHANGES: readonly LogEntryType[] = [
  'user.created',
  'user.deactivated',
  'user.reactivated',
  'user.deleted',
  'user.restored',
];

/** Entries of the user that are looked at: whoever is in and out of groups all day has many. */
const MAX_ENTRIES = 500;
const ENTRIES_AT_ONCE = 50;

/**
 * Since when a user is what they are, and by whom: the last entry of the log that has changed it.
 *
 * @returns undefined when that entry is not there yet, or not any more
 */
export async function stateSince(
  directory: Directory,
  id: ResourceId,
  state: State,
): Promise<StateSince | undefined> {
  const { table, tenant } = directory;
  const range = {
    ...rangeOf({ since: new Date(0) }, settingsOf(directory)),
    resourceId: id,
    only: 'done' as const,
  };
  let lookedAt = 0;
  for await (const entry of readAttributedLog(table, tenant, range, ENTRIES_AT_ONCE)) {
    if (CHANGES.includes(entry.type)) {
      if (stateAfter(entry) !== state) return undefined;
      const { time, actor, requestId } = entry;
      const label = await labelOf(directory, actor);
      return { time, actor, requestId, ...(label === undefined ? {} : { label }) };
    }
    lookedAt += 1;
    if (lookedAt === MAX_ENTRIES) return undefined;
  }
  return undefined;
}

const stateAfter = ({ type, active }: LogEntry): State =>
  type === 'user.deleted' ? 'deleted' : active === true ? 'active' : 'inactive';

async function labelOf({ table, tenant }: Directory, actor = ''): Promise<string | undefined> {
  const [kind, id] = [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)];
  if (kind !== 'token' && kind !== 'client') return undefined;
  const credentials = await (kind === 'token' ? listTokens : listClients)(table, tenant);
  return credentials.find(({ tokenId }) => tokenId === id)?.label;
}
