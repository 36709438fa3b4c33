import { randomUUID } from 'node:crypto';
import { DirectoryError } from '../errors';
import { MAX_BODY_BYTES } from '../resources/body';
import { countWrite } from '../resources/counters';
import type { Directory } from '../resources/directory';
import type { StoredUser } from '../resources/items';
import type { ResourceId, ResourceKind } from '../table/keys';
import { ConditionFailed, MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import { creationOf, type NewUser } from './creation';
import { createUser } from './users';

/** What became of a user that was to be created: the user, or why there is none. */
export type Created = { readonly user: StoredUser } | { readonly refused: DirectoryError | ConditionFailed };

interface Creation {
  readonly wanted: NewUser;
  readonly user: StoredUser;
  readonly writes: readonly Write[];
}

/**
 * Creates many users, as many in a transaction as it holds: the same writes as `createUser` makes for each, but for the
 * counters, which are written once a transaction. When something stands in the way of one of them, those of its
 * transaction are created one by one.
 *
 * @param digit with which the new ids begin: of each digit one counter is written, so that whoever creates several lots
 *   at once gives each its own
 * @returns in the order of the users
 * @throws Throttled, Unavailable; some of the users are then there
 */
export async function createUsers(
  directory: Directory,
  users: readonly NewUser[],
  digit: string,
): Promise<Created[]> {
  const outcomes: Created[] = [];
  const creations = users.map((wanted) => planned(directory, wanted, digit));
  for (const lot of lotsOf(creations)) outcomes.push(...(await createLot(directory, lot)));
  return outcomes;
}

function planned(
  directory: Directory,
  wanted: NewUser,
  digit: string,
): Creation | { refused: DirectoryError } {
  try {
    const id = `${digit}${randomUUID().slice(1)}` as ResourceId;
    const { user, writes } = creationOf(directory, wanted, id);
    return { wanted, user, writes };
  } catch (error) {
    // Too large, or too many looked-up values.
    if (error instanceof DirectoryError) return { refused: error };
    throw error;
  }
}

type Planned = ReturnType<typeof planned>;

/** As many in a row as one transaction holds, in writes and in bytes. */
function* lotsOf(creations: readonly Planned[]): Generator<readonly Planned[]> {
  let lot: Planned[] = [];
  let writes = 0;
  let length = 0;
  for (const creation of creations) {
    // At most one counter more for each.
    const more = 'refused' in creation ? 0 : creation.writes.length + 1;
    const size = 'refused' in creation ? 0 : JSON.stringify(creation.user.attributes).length;
    if (lot.length > 0 && (writes + more > MAX_WRITES_IN_A_TRANSACTION || length + size > MAX_BODY_BYTES)) {
      yield lot;
      lot = [];
      writes = 0;
      length = 0;
    }
    lot.push(creation);
    writes += more;
    length += size;
  }
  if (lot.length > 0) yield lot;
}

async function createLot(directory: Directory, lot: readonly Planned[]): Promise<Created[]> {
  const creations = lot.flatMap((creation) => ('refused' in creation ? [] : [creation]));
  const isWritten = creations.length > 1 && (await isWrittenAtOnce(directory, creations));
  const outcomes: Created[] = [];
  for (const creation of lot) {
    if ('refused' in creation) outcomes.push(creation);
    else outcomes.push(isWritten ? { user: creation.user } : await createAlone(directory, creation));
  }
  return outcomes;
}

async function isWrittenAtOnce(directory: Directory, creations: readonly Creation[]): Promise<boolean> {
  const ids = creations.map(({ user }) => user.id);
  const writes = [...creations.flatMap((creation) => creation.writes), ...counts(directory, 'User', ids)];
  try {
    await directory.table.transact(writes);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

/** One write per counter: a transaction writes no item twice. */
function counts(directory: Directory, kind: ResourceKind, ids: readonly ResourceId[]): Write[] {
  const byDigit = new Map<string, ResourceId[]>();
  for (const id of ids) byDigit.set(id.charAt(0), [...(byDigit.get(id.charAt(0)) ?? []), id]);
  return [...byDigit].map(([digit, counted]) => countWrite(directory, kind, digit, counted.length));
}

async function createAlone(directory: Directory, { wanted }: Creation): Promise<Created> {
  const { attributes, allottedId, appId } = wanted;
  try {
    return { user: await createUser(directory, attributes, allottedId, appId) };
  } catch (error) {
    if (error instanceof ConditionFailed || isRefusal(error)) return { refused: error };
    throw error;
  }
}

/** What another attempt would not change, in distinction from a table that is not reached. */
const isRefusal = (error: unknown): error is DirectoryError =>
  error instanceof DirectoryError && error.code !== 'throttled' && error.code !== 'unavailable';
