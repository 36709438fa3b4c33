import { randomUUID } from 'node:crypto';
import { memberPut } from '../../src/directory/groups/memberships';
import type { JsonObject } from '../../src/scim/json';
import { type CostBench, idIn, send } from './operation';

const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

/**
 * A user's size: how it is called in the table, and the bytes of its item. The items stay a little below the limits
 * of a write unit, as what a deactivation adds would else tip them over.
 */
export interface UserSize {
  readonly label: string;
  readonly bytes: number;
}

export const USER_SIZES: readonly UserSize[] = [
  { label: '0.5 kB', bytes: 500 },
  { label: '1 kB', bytes: 950 },
  { label: '2 kB', bytes: 1_900 },
];

/** The size of a usual user with the attributes of Entra ID's default mapping. */
export const TYPICAL_USER: UserSize = USER_SIZES[1] ?? { label: '1 kB', bytes: 950 };

/** The userName and e-mail address of the n-th user. */
export const userNameOf = (n: number) => `user${n}@contoso.example`;
/** The externalId of the n-th user, an object id of Entra ID. */
export const externalIdOf = (n: number) => `58342554-38d6-4ec8-948c-${String(n).padStart(12, '0')}`;

/** Bytes of an item besides the padding: keys, names and the attributes below. */
const BYTES_WITHOUT_TITLE = 462;

/**
 * A user as Entra ID sends it, whose item has about the wanted size. The e-mail address is the userName, as nearly
 * always.
 */
export function userBody(n: number, { bytes }: UserSize): JsonObject {
  return {
    schemas: [CORE_USER],
    userName: userNameOf(n),
    externalId: externalIdOf(n),
    active: true,
    displayName: 'Adele Vance',
    emails: [{ type: 'work', value: userNameOf(n), primary: true }],
    name: { familyName: 'Vance', givenName: 'Adele' },
    title: 'x'.repeat(Math.max(1, bytes - BYTES_WITHOUT_TITLE)),
  };
}

/** A stored user, and the number it was made of. */
export async function newUser(bench: CostBench, size: UserSize): Promise<{ id: string; n: number }> {
  const n = bench.next();
  const id = idIn(await send(bench, 'POST', 'Users', { body: userBody(n, size) }));
  return { id, n };
}

const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** The displayName of the n-th group. */
export const groupNameOf = (n: number) => `Department ${n}`;

/** A group as Entra ID and Okta send it. */
export const groupBody = (n: number, memberIds: readonly string[] = []): JsonObject => ({
  schemas: [CORE_GROUP],
  externalId: `8aa1a0c0-c4c3-4bc0-b4a5-${String(n).padStart(12, '0')}`,
  displayName: groupNameOf(n),
  members: memberIds.map((value) => ({ value })),
});

/** A stored group with these members. @returns its id */
export async function newGroup(bench: CostBench, memberIds: readonly string[] = []): Promise<string> {
  return idIn(await send(bench, 'POST', 'Groups', { body: groupBody(bench.next(), memberIds) }));
}

/** A stored group of a certain size, and the number it was made of. */
export interface SizedGroup {
  readonly id: string;
  readonly n: number;
  /** Ids of its members; take one out when removing it. */
  readonly memberIds: string[];
}

const MEMBERS_AT_ONCE = 1_000;
const groups = new WeakMap<object, Map<number, Promise<SizedGroup>>>();

/**
 * The group of this size that all rows share. It has member items alone, without the users behind them, which nothing
 * here reads.
 */
export function groupOf({ table, ...bench }: CostBench, members: number): Promise<SizedGroup> {
  const bySize = groups.get(table) ?? new Map<number, Promise<SizedGroup>>();
  groups.set(table, bySize);
  const group = bySize.get(members) ?? makeGroup({ table, ...bench }, members);
  bySize.set(members, group);
  return group;
}

async function makeGroup(bench: CostBench, members: number): Promise<SizedGroup> {
  const n = bench.next();
  const id = idIn(await send(bench, 'POST', 'Groups', { body: groupBody(n) }));
  const memberIds = Array.from({ length: members }, () => randomUUID());
  for (let start = 0; start < members; start += MEMBERS_AT_ONCE) {
    const some = memberIds.slice(start, start + MEMBERS_AT_ONCE);
    await bench.table.batchWrite(
      some.map((memberId) => memberPut(bench.directory.tenant, id, { kind: 'User', id: memberId })),
    );
  }
  return { id, n, memberIds };
}
