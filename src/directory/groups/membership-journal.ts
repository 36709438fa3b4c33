import { randomUUID } from 'node:crypto';
import { DirectoryError, Throttled } from '../errors';
import type { Directory } from '../resources/directory';
import type { PendingChange } from '../resources/items';
import {
  changePartition,
  resourceKey,
  resourceOfSortKey,
  resourceSortKey,
  type TenantId,
} from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed, type Item, MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import { existingMembers, type Member, memberDelete, memberPut } from './memberships';

/** What a membership change comes to once it is known who exists and who is a member already. */
export interface MembershipDelta {
  readonly add: readonly Member[];
  readonly remove: readonly string[];
}

/** Writes that one chunk stands for: as many as fit into a transaction beside the deletion of the chunk itself. */
const WRITES_IN_A_CHUNK = MAX_WRITES_IN_A_TRANSACTION - 1;
/**
 * Chunks carried out at once: they share no item, so they do not conflict; more would only meet the write limit of
 * the group's partition sooner.
 */
const CHUNKS_AT_ONCE = 8;
/**
 * Chunks whose change was never committed (a process died between the two) vanish after as long as a dead letter is
 * kept.
 */
const CHUNK_LIFETIME_S = 14 * 86_400;
/** How long before the request's deadline rolling a large change forward is left to the cleaner. */
const RESERVE_MS = 3_000;

type ChunkItem = Item & { readonly add: readonly string[]; readonly remove: readonly string[] };

const marked = ({ kind, id }: Member) => resourceSortKey(kind, id);
const memberOf = (text: string): Member | [] => resourceOfSortKey(text) ?? [];
const named = ({ kind, id }: Member) => ({ id, type: kind });

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
 * Writes down a membership change that is too large for one transaction. Nothing has happened yet: the change is
 * committed by the write that puts the returned `PendingChange` into the group's item, and from then on every reader
 * sees all of it (`overlay`), whoever rolls it forward.
 */
export async function journalChange(
  { table, tenant, now }: Directory,
  groupId: string,
  delta: MembershipDelta,
): Promise<PendingChange> {
  const id = randomUUID();
  const pk = changePartition(tenant, groupId, id);
  const expiresAt = Math.floor(now().getTime() / 1000) + CHUNK_LIFETIME_S;
  const chunks = chunksOf(delta).map(({ add, remove }, position): Write & { kind: 'put' } => ({
    kind: 'put',
    item: { pk, sk: String(position).padStart(4, '0'), expiresAt, add: add.map(marked), remove },
  }));
  await table.batchWrite(chunks);
  return { id, chunks: chunks.length };
}

function chunksOf({ add, remove }: MembershipDelta): MembershipDelta[] {
  const chunks: MembershipDelta[] = [];
  for (let start = 0; start < add.length + remove.length; start += WRITES_IN_A_CHUNK) {
    const end = start + WRITES_IN_A_CHUNK;
    const removed = (position: number) => Math.max(0, position - add.length);
    chunks.push({ add: add.slice(start, end), remove: remove.slice(removed(start), removed(end)) });
  }
  return chunks;
}

/**
 * Reads what is not carried out yet of a committed change. Read it before the members that it is laid over: what is
 * carried out in between is then among the members, whereas the other way round it would be in neither.
 */
export async function pendingDelta(
  { table, tenant }: Directory,
  groupId: string,
  change: PendingChange,
): Promise<MembershipDelta> {
  const chunks = await table.queryAll<ChunkItem>({ pk: changePartition(tenant, groupId, change.id) });
  return {
    add: chunks.flatMap((chunk) => chunk.add.flatMap(memberOf)),
    remove: chunks.flatMap((chunk) => chunk.remove),
  };
}

/**
 * Carries a committed change out and takes the mark off the group. A chunk goes in the very transaction that writes
 * its members, which is conditional on the chunk: so each is carried out once, whoever does it and however often it
 * is begun. Any number of processes may do so at once, also one that was thought dead: it finds the chunk gone, and
 * can never undo what was written after the change was done. Whoever goes on after a timeout has only the rest to do.
 *
 * @param until time in ms since the epoch at which to stop and leave the rest to the cleaner
 * @param isFresh true in the request that committed the change and knows who exists. Later, members deleted meanwhile
 *   are left out: their cleanup may be over, and nobody would remove what is written then (late-writes.ts)
 * @returns whether the change is done
 */
export async function rollForward(
  directory: Directory,
  groupId: string,
  change: PendingChange,
  { until = Number.POSITIVE_INFINITY, isFresh = false }: { until?: number; isFresh?: boolean } = {},
): Promise<boolean> {
  const { table, tenant } = directory;
  const chunks = await table.queryAll<ChunkItem>({ pk: changePartition(tenant, groupId, change.id) });
  const isLate = () => Date.now() > until;
  await inParallel(
    chunks,
    async (chunk) => {
      if (!isLate()) await carryOutChunk(directory, groupId, chunk, isFresh);
    },
    CHUNKS_AT_ONCE,
  );
  if (chunks.length > 0 && isLate()) return false;
  await unlessDone(
    table.write({
      kind: 'update',
      key: resourceKey(tenant, 'Group', groupId),
      update: 'SET carriedOutAt = :now REMOVE #change, g1',
      values: { ':now': directory.now().getTime() },
      condition: {
        expression: '#change.id = :change',
        names: { '#change': 'change' },
        values: { ':change': change.id },
      },
    }),
  );
  return true;
}

/**
 * Rolls a committed change forward as far as the request's time allows. The change has happened already for every
 * reader: a DynamoDB that refuses further calls is no reason to answer an error, after which a client would repeat
 * what was done. The cleaner goes on.
 */
export async function rollForwardInTime(
  directory: Directory,
  id: string,
  change: PendingChange,
): Promise<void> {
  try {
    const until = directory.table.giveUpAt() - RESERVE_MS;
    await rollForward(directory, id, change, { until, isFresh: true });
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
}

/**
 * Finishes an earlier large change before the next one.
 *
 * @throws Throttled when it takes longer than the request may; what was done of it stays done, so that a
 *   repetition comes to its turn
 */
export async function finishFirst(directory: Directory, id: string, change: PendingChange): Promise<void> {
  if (await rollForward(directory, id, change, { until: directory.table.giveUpAt() - RESERVE_MS })) return;
  throw new Throttled(
    `An earlier large change of the members of group "${id}" is still being carried out; repeat the request later.`,
    5,
  );
}

async function carryOutChunk(
  { effort: _, ...directory }: Directory,
  groupId: string,
  { pk, sk, add, remove }: ChunkItem,
  isFresh: boolean,
): Promise<void> {
  // Somebody else's change is not paid from what this request may cause.
  const { table, tenant } = directory;
  const taken: Write = { kind: 'delete', key: { pk, sk }, condition: { expression: 'attribute_exists(pk)' } };
  const members = add.flatMap(memberOf);
  const present = isFresh
    ? members
    : await existingMembers(directory, members.map(named), { consistent: true });
  await unlessDone(table.transact([taken, ...deltaWrites(tenant, groupId, { add: present, remove })]));
}

/** A condition that does not hold says that somebody else has done it, or that the group was deleted meanwhile. */
async function unlessDone(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** The members as they are once the change is done. */
export function overlay(members: readonly Member[], delta: MembershipDelta): Member[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  for (const member of delta.add) byId.set(member.id, member);
  for (const id of delta.remove) byId.delete(id);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
