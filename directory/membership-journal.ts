import { randomUUID } from 'node:crypto';
import type { Directory } from './directory';
import type { PendingChange } from './items';
import { changePartition, type ResourceKind, resourceKey, type TenantId } from './keys';
import { type Member, memberDelete, memberPut } from './memberships';
import { ConditionFailed, type Item, MOST_WRITES_IN_A_TRANSACTION, type Write } from './table';

/** What a membership change comes to once it is known who exists and who is a member already. */
export interface MembershipDelta {
  readonly add: readonly Member[];
  readonly remove: readonly string[];
}

/** Members in one chunk item: about 120 kB, far below the 400 kB an item may take. */
const MEMBERS_IN_A_CHUNK = 3_000;
/** Chunks whose change was never committed (a process died between the two) vanish after a day. */
const CHUNK_LIFETIME_S = 86_400;

type ChunkItem = Item & { readonly add: readonly string[]; readonly remove: readonly string[] };

const marked = ({ kind, id }: Member) => `${kind}#${id}`;
const memberOf = (text: string): Member => ({ kind: text.slice(0, 1) as ResourceKind, id: text.slice(2) });

/** The writes that a delta comes to. */
export function deltaWrites(
  tenant: TenantId,
  groupId: string,
  delta: MembershipDelta,
): (Write & { kind: 'put' | 'delete' })[] {
  return [
    ...delta.add.map((member) => memberPut(tenant, groupId, member)),
    ...delta.remove.map((id) => memberDelete(tenant, groupId, id)),
  ];
}

/**
 * Writes down a membership change that is too large for one transaction. Nothing has happened yet: the change is committed by the write that puts the returned
 * `PendingChange` into the group's item, and from then on every reader sees all of it (`overlay`), whoever rolls it forward.
 */
export async function journalChange(
  { table, tenant, now }: Directory,
  groupId: string,
  delta: MembershipDelta,
): Promise<PendingChange> {
  const id = randomUUID();
  const pk = changePartition(tenant, groupId, id);
  const expiresAt = Math.floor(now().getTime() / 1000) + CHUNK_LIFETIME_S;
  const add = delta.add.map(marked);
  const chunks: Write[] = [];
  for (let start = 0; start < Math.max(add.length, delta.remove.length); start += MEMBERS_IN_A_CHUNK) {
    const end = start + MEMBERS_IN_A_CHUNK;
    const sk = String(chunks.length).padStart(4, '0');
    const item = { pk, sk, expiresAt, add: add.slice(start, end), remove: delta.remove.slice(start, end) };
    chunks.push({ kind: 'put', item });
  }
  for (const chunk of chunks) await table.transact([chunk]);
  return { id, chunks: chunks.length };
}

/** Reads the delta of a committed change that is not rolled forward yet. */
export async function pendingDelta(
  { table, tenant }: Directory,
  groupId: string,
  change: PendingChange,
): Promise<MembershipDelta> {
  const chunks = await table.queryAll<ChunkItem>({ pk: changePartition(tenant, groupId, change.id) });
  return {
    add: chunks.flatMap((chunk) => chunk.add.map(memberOf)),
    remove: chunks.flatMap((chunk) => chunk.remove),
  };
}

/**
 * Carries a committed change out and takes the mark off the group. Any number of processes may do so at once, also one that was thought dead: every transaction checks
 * that the change is still pending, so that a late one can never undo what was written after the change was done.
 *
 * @param until time in ms since the epoch at which to stop and leave the rest to the cleaner
 * @returns whether the change is done
 */
export async function rollForward(
  directory: Directory,
  groupId: string,
  change: PendingChange,
  until = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { table, tenant } = directory;
  const group = resourceKey(tenant, 'G', groupId);
  const stillPending = {
    expression: '#change.id = :change',
    names: { '#change': 'change' },
    values: { ':change': change.id },
  };
  const chunks = await table.queryAll<ChunkItem>({ pk: changePartition(tenant, groupId, change.id) });
  const writes = chunks.flatMap((chunk) =>
    deltaWrites(tenant, groupId, { add: chunk.add.map(memberOf), remove: chunk.remove }),
  );
  try {
    for (let start = 0; start < writes.length; start += MOST_WRITES_IN_A_TRANSACTION - 1) {
      if (Date.now() > until) return false;
      const some = writes.slice(start, start + MOST_WRITES_IN_A_TRANSACTION - 1);
      await table.transact([{ kind: 'check', key: group, condition: stillPending }, ...some]);
    }
    await table.write({ kind: 'update', key: group, update: 'REMOVE #change', condition: stillPending });
  } catch (error) {
    // Somebody else has finished it, or the group was deleted meanwhile.
    if (!(error instanceof ConditionFailed)) throw error;
  }
  await table.batchWrite(chunks.map(({ pk, sk }) => ({ kind: 'delete', key: { pk, sk } })));
  return true;
}

/** The members as they are once the change is done. */
export function overlay(members: readonly Member[], delta: MembershipDelta): Member[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  for (const member of delta.add) byId.set(member.id, member);
  for (const id of delta.remove) byId.delete(id);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
