import { fromItem, isActive } from '../directory/resources/items';
import { resourcePartition, resourceSortKey, type TenantId } from '../directory/table/keys';
import { inParallel } from '../directory/table/parallel';
import { getTenant } from '../directory/tenants/tenants';
import { type AccessPublisher, queuePublisher } from '../offboarding/sinks/access-publisher';
import type { AccessChange } from '../offboarding/sinks/access-state';
import type { Deployment, StackAccess } from './deployment';

/** Hands over to the queues of a stack's other stores of sessions; undefined where there are none. */
export function accessPublisherOf(stack: StackAccess | undefined): AccessPublisher | undefined {
  const urls = [...(stack?.outputs ?? [])].filter(([name]) => name.endsWith('TargetQueueUrl'));
  if (stack === undefined || urls.length === 0) return undefined;
  return queuePublisher(
    urls.map(([, url]) => url),
    stack.services,
  );
}

/** Users of whom the other stores of sessions are told between two looks at the time. */
const USERS_AT_ONCE = 500;

/** What of telling the other stores of sessions may be left for a later call. */
interface NotifyOptions {
  /** Where an earlier call has ended. */
  readonly from?: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970: behind it one page is done at the most. */
  readonly until?: number;
  /** Users in a page. */
  readonly usersAtOnce?: number;
}

/** How many users were told of, and where to go on when there may be more. */
interface Notified {
  readonly users: number;
  readonly next?: Readonly<Record<string, unknown>>;
}

/**
 * Tells the other stores of sessions of every active user of a tenant that was suspended or resumed: what they then
 * apply is the state that they read, and nobody's access is wider than the tenant's. Called again, it tells again.
 *
 * @returns undefined where there is no such store
 */
export async function notifyTenant(
  { table, stack }: Pick<Deployment, 'table' | 'stack'>,
  tenant: TenantId,
  cause: 'ended' | 'returned',
  { from = {}, until = Number.POSITIVE_INFINITY, usersAtOnce = USERS_AT_ONCE }: NotifyOptions = {},
): Promise<Notified | undefined> {
  const publishAccess = accessPublisherOf(stack);
  if (publishAccess === undefined) return undefined;
  // Each suspension has an epoch of its own, so that a queue does not take the second for a repetition of the first.
  const epoch = (await getTenant(table, tenant))?.sessionEpoch ?? 0;
  let told = 0;
  let after = Object.keys(from).length === 0 ? undefined : from;
  do {
    const page = await table.query({
      pk: resourcePartition(tenant),
      sk: { prefix: resourceSortKey('User', '') },
      after,
      limit: usersAtOnce,
    });
    const users = page.items
      .map((item) => fromItem('User', item))
      .filter((user) => isActive(user.attributes));
    await inParallel(users, async ({ id, attributes, formerNames }) => {
      const change: AccessChange = {
        tenant,
        userId: id,
        cause,
        username: usernameOf(tenant, attributes, stack),
        formerNames,
      };
      await publishAccess(change, `${id}-tenant-${cause}-${epoch}`);
    });
    told += users.length;
    after = page.after;
  } while (after !== undefined && Date.now() < until);
  return { users: told, next: after };
}

/** The name in the Cognito pool, where it is no id: it must be known when the tenant is no more. */
function usernameOf(
  tenant: TenantId,
  attributes: Readonly<Record<string, unknown>>,
  stack: StackAccess | undefined,
): string | undefined {
  const source = stack?.outputs.get('CognitoUsername');
  if (stack?.outputs.get('CognitoTenant') !== tenant) return undefined;
  const value = source === 'userName' || source === 'externalId' ? attributes[source] : undefined;
  return typeof value === 'string' ? value : undefined;
}
