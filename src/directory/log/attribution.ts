import type { ItemKey, TenantId } from '../table/keys';
import type { Table } from '../table/table';
import type { PlacedEntry } from './entry';
import { ENTRIES_AT_ONCE, historyKeys, type LogRange, readEntries } from './read-log';

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
 * One for all entries of a log that is read backwards: a group's entries are read once, however many members' entries
 * they are looked up for.
 */
export class Attribution {
  readonly #histories = new Map<string, GroupHistory>();

  constructor(
    private readonly table: Table,
    private readonly tenant: TenantId,
  ) {}

  /** @returns the entry with an actor and a request id, or as it was when nobody is found */
  async attributed(entry: PlacedEntry): Promise<PlacedEntry> {
    const { type, groupId, resourceId, time, place } = entry;
    if ((type !== 'member.added' && type !== 'member.removed') || groupId === undefined) return entry;
    const since = new Date(Date.parse(time) - LOOK_BACK_MS).toISOString();
    const recently = new Date(Date.parse(time) - REQUEST_MS).toISOString();
    let perhaps: PlacedEntry | undefined;
    let behind: PlacedEntry | undefined;
    let looked = 0;
    // "~" comes behind every place of the moment.
    for await (const asker of this.historyOf(groupId).backwards({ since, until: `${time}~` })) {
      if (looked++ === MAX_ENTRIES) break;
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

  private historyOf(groupId: string): GroupHistory {
    const known = this.#histories.get(groupId);
    if (known !== undefined) return known;
    const history = new GroupHistory(this.table, this.tenant, groupId);
    this.#histories.set(groupId, history);
    return history;
  }
}

/** A group's entries in parts, of which those that were read last are kept. */
class GroupHistory {
  #keys: readonly ItemKey[] | undefined;
  readonly #parts = new Map<number, readonly PlacedEntry[]>();

  constructor(
    private readonly table: Table,
    private readonly tenant: TenantId,
    private readonly groupId: string,
  ) {}

  /** The entries of the range, the last one first. */
  async *backwards({ since, until }: Pick<LogRange, 'since' | 'until'>): AsyncGenerator<PlacedEntry> {
    this.#keys ??= await historyKeys(this.table, this.tenant, this.groupId);
    const keys = this.#keys;
    const first = keys.findIndex(({ sk }) => sk < until);
    if (first < 0) return;
    const firstPart = Math.floor(first / ENTRIES_AT_ONCE);
    // The log is read backwards: what is later than this is not asked for any more.
    for (const part of this.#parts.keys()) if (part < firstPart) this.#parts.delete(part);
    for (let part = firstPart; part * ENTRIES_AT_ONCE < keys.length; part++) {
      for (const entry of await this.read(keys, part)) {
        if (entry.place < since) return;
        if (entry.place < until) yield entry;
      }
    }
  }

  private async read(keys: readonly ItemKey[], part: number): Promise<readonly PlacedEntry[]> {
    const known = this.#parts.get(part);
    if (known !== undefined) return known;
    const start = part * ENTRIES_AT_ONCE;
    const entries = await readEntries(this.table, keys.slice(start, start + ENTRIES_AT_ONCE));
    this.#parts.set(part, entries);
    return entries;
  }
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
