/**
 * Whose membership a request has asked to begin or to end, as the group's item keeps it for the provisioning log until
 * the next write. Ids are 16 bytes each in base64url, one behind the other: as text they would take the item of an
 * ordinary group beyond the kilobyte that a write unit pays for.
 */
export interface AskedMembers {
  readonly add?: string;
  readonly remove?: string;
  /** How many, in place of the ids when there are more than `MAX_IDS`. */
  readonly added?: number;
  readonly removed?: number;
}

/** Ids that are kept of one request. */
const MAX_IDS = 20;
const PACKED_LENGTH = 22;

/** What the group's item keeps of a change of members; undefined when it changes none. */
export function askedMembers({ add, remove }: AskedIds): AskedMembers | undefined {
  if (add.length + remove.length === 0) return undefined;
  if (add.length + remove.length > MAX_IDS) return { added: add.length, removed: remove.length };
  return { add: packed(add), remove: packed(remove) };
}

/** Ids of members to add and to remove. */
export interface AskedIds {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The ids of a change that knows of those it adds what they are. */
export const idsOf = ({
  add,
  remove,
}: {
  readonly add: readonly { readonly id: string }[];
  readonly remove: readonly string[];
}): AskedIds => ({ add: add.map(({ id }) => id), remove });

function packed(ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined;
  return ids.map((id) => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')).join('');
}

/** The ids that `askedMembers` has put into a text. */
export function unpackedIds(text: string): string[] {
  const ids: string[] = [];
  for (let start = 0; start < text.length; start += PACKED_LENGTH) {
    const hex = Buffer.from(text.slice(start, start + PACKED_LENGTH), 'base64url').toString('hex');
    ids.push(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  }
  return ids;
}
