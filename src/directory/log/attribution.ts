import type { TenantId } from '../table/keys';
import type { Table } from '../table/table';
import type { PlacedEntry } from './entry';
import { readLog } from './read-log';

/** Requests are over within this; what somebody has asked for longer ago was hardly carried out only now. */
const REQUEST_MS = 60_000;
/** Large changes and deletions are carried out within a day, or an alarm has rung. */
const LOOK_BACK_MS = 86_400_000;
/** A bound on what is read for one entry. */
const MAX_ENTRIES = 200;

/**
 * Tells who has added or removed a member. Member items do not say so (a removed one leaves nothing that could, and
 * the bytes would make reading large groups dearer); whoever changes members leaves in the group's item whom they
 * have asked to add and to remove. So it is the last entry of the group up to then that asked for it.
 *
 * Two requests that ask for the same within the same second cannot be told apart, and of a change of more members than
 * an entry names only how many they were is compared.
 *
 * @returns the entry with an actor and a request id, or as it was when nobody is found
 */
export async function attributed(table: Table, tenant: TenantId, entry: PlacedEntry): Promise<PlacedEntry> {
  const { type, groupId, resourceId, time, place } = entry;
  if ((type !== 'member.added' && type !== 'member.removed') || groupId === undefined) return entry;
  const since = new Date(Date.parse(time) - LOOK_BACK_MS).toISOString();
  const recently = new Date(Date.parse(time) - REQUEST_MS).toISOString();
  let perhaps: PlacedEntry | undefined;
  let behind: PlacedEntry | undefined;
  let looked = 0;
  // "~" comes behind every place of the moment.
  for await (const asker of readLog(table, tenant, { since, until: `${time}~`, resourceId: groupId })) {
    if (looked++ > MAX_ENTRIES) break;
    const sure = asksFor(asker, type, resourceId ?? '');
    // Records of different shards have no order within a second.
    if (asker.place > place) {
      if (sure === 'named') behind = asker;
      continue;
    }
    if (sure === 'named' && (perhaps === undefined || asker.time >= recently)) return by(entry, asker);
    if (sure === 'perhaps') perhaps ??= asker;
  }
  const found = behind ?? perhaps;
  return found === undefined ? entry : by(entry, found);
}

const by = (entry: PlacedEntry, { actor, requestId }: PlacedEntry): PlacedEntry => ({
  ...entry,
  actor,
  requestId,
});

function asksFor(
  { type, asked }: PlacedEntry,
  what: 'member.added' | 'member.removed',
  id: string,
): 'named' | 'perhaps' | 'no' {
  if (type === 'group.deleted') return what === 'member.removed' ? 'perhaps' : 'no';
  if (asked === undefined) return 'no';
  if ('added' in asked) return (what === 'member.added' ? asked.added : asked.removed) > 0 ? 'perhaps' : 'no';
  return (what === 'member.added' ? asked.add : asked.remove).includes(id) ? 'named' : 'no';
}
