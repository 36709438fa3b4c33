import { fromItem, isActive, type StoredUser } from '../directory/resources/items';
import { resourcePartition, resourceSortKey, type TenantId } from '../directory/table/keys';
import { inParallel } from '../directory/table/parallel';
import type { Table } from '../directory/table/table';
import {
  type PendingAccess,
  readPendingAccess,
  removePendingAccess,
  savePendingAccess,
  takePendingAccess,
} from '../directory/tenants/pending-access';
import type { AccessPublisher } from './sinks/access-publisher';
import type { AccessChange, Naming } from './sinks/access-state';

/** Users who are read, and told of, before it is noted how far it has come. */
const USERS_AT_ONCE = 500;
/** So long nobody else goes on from where a page of users is under way: far more than it takes. */
const HELD_MS = 30_000;

/** How telling other stores of sessions of a tenant's users goes on. */
export interface TellingOptions {
  /** Undefined in a stack without other stores of sessions: then nobody is to be told. */
  readonly publishAccess: AccessPublisher | undefined;
  /** How the stack's Cognito user pool names the users. */
  readonly naming: Naming;
  /** Milliseconds since 1970; one page of users is done however late it is. */
  readonly until: number;
  readonly now?: () => number;
  readonly usersAtOnce?: number;
}

/** How far it has come. */
export interface Telling extends Pick<PendingAccess, 'since' | 'cause' | 'looked' | 'told'> {
  /** Users told of by this run. */
  readonly toldNow: number;
  readonly isDone: boolean;
  /** Whether somebody else goes on with it. */
  readonly isHeld: boolean;
}

/**
 * Goes on telling the other stores of sessions of every active user of a tenant that was suspended or resumed. What
 * they apply is the state that they then read, so that nobody's access is wider than the tenant's, and a page that is
 * told twice does no harm. How far it has come is kept in the table (`ACCESS#…`): any run may end at any point, and a
 * later one goes on behind the last page that was told whole. A suspension or return that comes in between begins anew,
 * and whoever goes on with the one before it ends.
 *
 * @returns undefined when nothing is pending
 */
export async function tellOn(
  table: Table,
  tenant: TenantId,
  { publishAccess, naming, until, now = Date.now, usersAtOnce = USERS_AT_ONCE }: TellingOptions,
): Promise<Telling | undefined> {
  const found = await readPendingAccess(table, tenant);
  if (found === undefined) return undefined;
  if (publishAccess === undefined) {
    await removePendingAccess(table, found);
    return undefined;
  }
  const notYet = { toldNow: 0, isDone: false, isHeld: true };
  if (!(await takePendingAccess(table, found, now(), now() + HELD_MS))) return { ...found, ...notYet };
  for (let pending = found; ; ) {
    const page = await tellPage(table, pending, { publishAccess, naming, usersAtOnce });
    const at = now();
    const isDone = page.place === undefined;
    const goesOn = !isDone && at < until;
    const next: PendingAccess = {
      ...pending,
      place: page.place ?? pending.place,
      looked: pending.looked + page.looked,
      told: pending.told + page.told,
      progressedAt: at,
      underWayUntil: goesOn ? at + HELD_MS : 0,
    };
    const isNoted = isDone
      ? await removePendingAccess(table, pending)
      : await savePendingAccess(table, pending, next);
    const toldNow = next.told - found.told;
    // It was overtaken, or somebody has waited too long for this page: what they note counts.
    if (!isNoted) return { ...pending, toldNow, isDone: false, isHeld: false };
    if (!goesOn) return { ...next, toldNow, isDone, isHeld: false };
    pending = next;
  }
}

/** @returns how many users were read and told of, and the place behind them, unless they were the last */
async function tellPage(
  table: Table,
  pending: PendingAccess,
  {
    publishAccess,
    naming,
    usersAtOnce,
  }: Required<Pick<TellingOptions, 'naming' | 'usersAtOnce'>> & {
    readonly publishAccess: AccessPublisher;
  },
): Promise<{ readonly looked: number; readonly told: number; readonly place: string | undefined }> {
  const { tenant, changeId, place } = pending;
  const pk = resourcePartition(tenant);
  const { items, after } = await table.query({
    pk,
    sk: { prefix: resourceSortKey('User', '') },
    after: place === '' ? undefined : { pk, sk: place },
    limit: usersAtOnce,
  });
  const users = items.map((item) => fromItem('User', item)).filter(({ attributes }) => isActive(attributes));
  await inParallel(users, async (user) => {
    const change = changeOf(pending, user, naming);
    await publishAccess(change, `${user.id}-tenant-${changeId}-${change.cause}`);
  });
  return {
    looked: items.length,
    told: users.length,
    place: after === undefined ? undefined : String(after.sk),
  };
}

/**
 * The messages of each suspension and return differ, so that a queue does not take one for a repetition of another. A
 * user whom a return reaches before the suspension did is signed out as well.
 */
function changeOf(
  { tenant, cause, endedUntil }: PendingAccess,
  { id, attributes, formerNames }: StoredUser,
  naming: Naming,
): AccessChange {
  const wasEnded = endedUntil === undefined || resourceSortKey('User', id) <= endedUntil;
  return {
    tenant,
    userId: id,
    cause: wasEnded ? cause : 'ended',
    username: usernameOf(tenant, attributes, naming),
    formerNames,
  };
}

/** The name in the Cognito pool, where it is no id: it must be known when the tenant is no more. */
function usernameOf(
  tenant: TenantId,
  attributes: Readonly<Record<string, unknown>>,
  naming: Naming,
): string | undefined {
  if (naming.source === 'id' || naming.tenant !== tenant) return undefined;
  const value = attributes[naming.source];
  return typeof value === 'string' ? value : undefined;
}
