import { setTimeout as delay } from 'node:timers/promises';
import { countResources } from '../directory/resources/counters';
import { isTenantId, type TenantId } from '../directory/table/keys';
import type { AccessPublisher } from '../offboarding/sinks/access-publisher';
import type { Naming } from '../offboarding/sinks/access-state';
import { queuePublisher } from '../offboarding/sinks/queue-publisher';
import { tellOn } from '../offboarding/tenant-access';
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

/** How a stack's Cognito user pool names the users. */
export function namingOf(stack: StackAccess | undefined): Naming {
  const [source, tenant = ''] = [stack?.outputs.get('CognitoUsername'), stack?.outputs.get('CognitoTenant')];
  const isAttribute = source === 'userName' || source === 'externalId';
  return isAttribute && isTenantId(tenant) ? { source, tenant } : { source: 'id' };
}

/** How often it is looked whether somebody who goes on with it has come to the end. */
const LOOK_AGAIN_MS = 1_000;

/** How far other stores of sessions are told of a tenant. */
export interface NotifiedUsers {
  /** Users told of since the tenant was suspended or resumed; undefined where the service was faster than the look. */
  readonly notifiedUsers?: number;
  /** Users still to be gone through, about: the service goes on with them by itself, every minute. */
  readonly usersLeft: number;
}

/** Until when it is gone on with, and who is told how far it is. */
export interface NotifyOptions {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly onProgress?: (notified: NotifiedUsers) => void;
  /** Users in a page. */
  readonly usersAtOnce?: number;
}

/**
 * Goes on telling the other stores of sessions of a tenant that was suspended or resumed, until all users are gone
 * through or the time is up.
 *
 * @returns undefined where there is no such store, or none is known of a table alone
 */
export async function notifyTenant(
  { table, stack }: Pick<Deployment, 'table' | 'stack'>,
  tenant: TenantId,
  { until, onProgress = () => {}, usersAtOnce }: NotifyOptions,
): Promise<NotifiedUsers | undefined> {
  if (stack === undefined) return undefined;
  const [publishAccess, naming] = [accessPublisherOf(stack), namingOf(stack)];
  let notified: NotifiedUsers = { usersLeft: 0 };
  do {
    const partUntil = Math.min(until, Date.now() + LOOK_AGAIN_MS);
    const telling = await tellOn(table, tenant, { publishAccess, naming, until: partUntil, usersAtOnce });
    if (publishAccess === undefined) return undefined;
    if (telling === undefined) return { ...notified, usersLeft: 0 };
    const { looked, told, isDone, isHeld } = telling;
    if (isDone) return { notifiedUsers: told, usersLeft: 0 };
    const { total } = await countResources({ table, tenant }, 'User');
    notified = { notifiedUsers: told, usersLeft: usersBehind(looked, total) };
    onProgress(notified);
    if (isHeld) await delay(Math.max(0, partUntil - Date.now()));
  } while (Date.now() < until);
  return notified;
}

/** How many users are behind those who were gone through, about: at least one, as long as nobody has seen the end. */
export const usersBehind = (looked: number, users: number): number => Math.max(1, users - looked);
