import { DirectoryError } from '../errors';
import { MAX_BODY_BYTES } from '../resources/body';
import { countWrite } from '../resources/counters';
import type { Directory } from '../resources/directory';
import type { StoredUser } from '../resources/items';
import type { ResourceId } from '../table/keys';
import { ConditionFailed, MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import type { Turns } from '../table/turns';
import { creationOf, type NewUser } from './creation';
import { createUser } from './users';

/** What became of a user that was to be created: the user, or why there is none. */
export type Created = { readonly user: StoredUser } | { readonly refused: DirectoryError | ConditionFailed };

interface Creation {
  /** Which of the users it is. */
  readonly position: number;
  readonly wanted: NewUser;
  readonly user: StoredUser;
  readonly writes: readonly Write[];
}

const MAX_WRITES_BESIDE_COUNTER = MAX_WRITES_IN_A_TRANSACTION - 1;

/**
 * Creates many users, as many in a transaction as it holds: the same writes as `createUser` makes for each, but for the
 * counter, which is written once a transaction. So those of a transaction have ids of one first digit, and transactions
 * of one digit are not under way at once: DynamoDB would refuse the later one, and charge it. When something stands in
 * the way of one of the users, the others of its transaction are created without that one.
 *
 * @param users with an id each that nobody has ever had, for those without an allotted one; several lots that are
 *   created at once had better have ids of other first digits
 * @param turns those of everybody who creates users of the tenant at the same time
 * @returns in the order of the users
 * @throws Throttled, Unavailable; some of the users are then there
 */
export async function createUsers(
  directory: Directory,
  users: readonly (NewUser & { readonly freshId: ResourceId })[],
  turns: Turns,
): Promise<Created[]> {
  const outcomes: Created[] = new Array(users.length);
  const byDigit = new Map<string, Creation[]>();
  for (const [position, wanted] of users.entries()) {
    const creation = planned(directory, wanted, wanted.freshId, position);
    if ('refused' in creation) outcomes[position] = creation;
    else byDigit.set(shardOf(creation), [...(byDigit.get(shardOf(creation)) ?? []), creation]);
  }
  for (const [shard, creations] of byDigit) {
    for (const lot of lotsOf(creations)) {
      const created = await turns.take(shard, () => createLot(directory, lot));
      for (const [{ position }, outcome] of created) outcomes[position] = outcome;
    }
  }
  return outcomes;
}

const shardOf = ({ user }: Creation): string => user.id.charAt(0);

function planned(
  directory: Directory,
  wanted: NewUser,
  freshId: ResourceId,
  position: number,
): Creation | { refused: DirectoryError } {
  try {
    const { user, writes } = creationOf(directory, wanted, freshId);
    return { position, wanted, user, writes };
  } catch (error) {
    // Too large, or too many looked-up values.
    if (error instanceof DirectoryError) return { refused: error };
    throw error;
  }
}

/** As many in a row as one transaction holds, in writes and in bytes. */
function* lotsOf(creations: readonly Creation[]): Generator<readonly Creation[]> {
  let lot: Creation[] = [];
  let writes = 0;
  let length = 0;
  for (const creation of creations) {
    const more = creation.writes.length;
    const size = JSON.stringify(creation.user.attributes).length;
    if (lot.length > 0 && (writes + more > MAX_WRITES_BESIDE_COUNTER || length + size > MAX_BODY_BYTES)) {
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

async function createLot(directory: Directory, lot: readonly Creation[]): Promise<[Creation, Created][]> {
  const failed = lot.length > 1 ? await failedTogether(directory, lot) : new Set(lot);
  const outcomes: [Creation, Created][] = [];
  for (const creation of failed) outcomes.push([creation, await createAlone(directory, creation)]);
  const others = lot.filter((creation) => !failed.has(creation));
  if (failed.size > 0 && others.length > 0) return [...outcomes, ...(await createLot(directory, others))];
  return [...outcomes, ...others.map((creation): [Creation, Created] => [creation, { user: creation.user }])];
}

/** Creates them in one transaction. @returns those in whose way something stands; without any, all are there */
async function failedTogether(
  directory: Directory,
  lot: readonly Creation[],
): Promise<ReadonlySet<Creation>> {
  const writes = lot.flatMap((creation) => creation.writes.map((write) => ({ creation, write })));
  const counts = lot.slice(0, 1).map(({ user }) => countWrite(directory, 'User', user.id, lot.length));
  try {
    await directory.table.transact([...writes.map(({ write }) => write), ...counts]);
    return new Set();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const failed = new Set([...error.failed].flatMap((position) => writes[position]?.creation ?? []));
    if (failed.size === 0) throw error;
    return failed;
  }
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
