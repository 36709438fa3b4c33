import { randomBytes } from 'node:crypto';
import { isBlank } from '../../scim/unassigned';
import { Conflict, InvalidValue, NotFound } from '../errors';
import { SETUP_LINKS, setupLinkKey, setupPartition, type TenantId, tenantKey } from '../table/keys';
import { ConditionFailed, type Item, type Table, type Write } from '../table/table';
import { readRoles } from './role-mappings';
import {
  linkOf,
  SETUP_PERMISSIONS,
  type SetupLink,
  type SetupLinkState,
  type SetupPermission,
  stateOf,
} from './setup-link-item';
import { getTenant, noSuchTenant, type Tenant } from './tenants';
import { encodeBase62, hashToken, newSetupSecretText, tenantOfSetupSecret } from './token-format';

export interface NewSetupLink {
  readonly tenant: TenantId;
  readonly for: string;
  readonly lifeMs: number;
  readonly may: readonly SetupPermission[];
  readonly roles: readonly string[];
  readonly now?: Date;
}

/** A link just made. `secret` exists nowhere else: show it once. */
export interface IssuedSetupLink {
  readonly link: SetupLink;
  readonly secret: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const MIN_SETUP_LINK_LIFE_MS = HOUR_MS;
export const MAX_SETUP_LINK_LIFE_MS = 30 * DAY_MS;
/** So that all links of a tenant are read in one page. */
const MAX_LIVE_LINKS = 50;
const MAX_FOR_LENGTH = 200;
/** How long whoever holds it is told that it has ended, and administrators see it in the list. */
const KEPT_BEYOND_END_MS = 30 * DAY_MS;
const USE_RECORDED_EVERY_MS = 300_000;

/**
 * Makes a link to a tenant's set-up page.
 *
 * @param extraWrites written in the same transaction
 * @throws InvalidValue for a name, a length of life, permissions or roles that are not accepted, NotFound for the
 *   tenant, Conflict when it is suspended or has 50 live links
 */
export async function createSetupLink(
  table: Table,
  order: NewSetupLink,
  extraWrites: (link: SetupLink) => Promise<readonly Write[]> = async () => [],
): Promise<IssuedSetupLink> {
  const now = order.now ?? new Date();
  const accepted = readOrder(order);
  const tenant = await readActiveTenant(table, order.tenant);
  const live = (await linksOf(table, order.tenant)).filter((link) => stateOf(link, tenant, now) === 'live');
  if (live.length >= MAX_LIVE_LINKS) {
    throw new Conflict(`The tenant has ${live.length} live links to its set-up page; revoke some of them.`);
  }
  const secret = newSetupSecretText(order.tenant);
  const link: SetupLink = {
    tenantId: order.tenant,
    linkId: encodeBase62(randomBytes(6), 9),
    ...accepted,
    createdAt: now.toISOString(),
    endsAt: new Date(now.getTime() + order.lifeMs).toISOString(),
    tenantEpoch: tenant.sessionEpoch,
  };
  const expiresAt = Math.floor((Date.parse(link.endsAt) + KEPT_BEYOND_END_MS) / 1000);
  try {
    await table.transact([
      {
        kind: 'check',
        key: tenantKey(order.tenant),
        condition: {
          expression: '#status = :active',
          names: { '#status': 'status' },
          values: { ':active': 'active' },
        },
      },
      {
        kind: 'put',
        item: { ...setupLinkKey(order.tenant, hashToken(secret)), ...link, expiresAt },
        condition: { expression: 'attribute_not_exists(pk)' },
      },
      ...(await extraWrites(link)),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw suspended(order.tenant);
  }
  return { link, secret };
}

/** @throws InvalidValue */
function readOrder({ for: whom, lifeMs, may, roles }: NewSetupLink) {
  if (isBlank(whom) || whom.length > MAX_FOR_LENGTH) {
    throw new InvalidValue(`Whom a link is for is told in 1 to ${MAX_FOR_LENGTH} characters.`);
  }
  if (!(lifeMs >= MIN_SETUP_LINK_LIFE_MS && lifeMs <= MAX_SETUP_LINK_LIFE_MS)) {
    throw new InvalidValue('A link to the set-up page lives for one hour to 30 days.');
  }
  const permitted = SETUP_PERMISSIONS.filter((permission) => may.includes(permission));
  const unknown = may.find((permission) => !SETUP_PERMISSIONS.includes(permission));
  if (unknown !== undefined) {
    throw new InvalidValue(
      `${JSON.stringify(unknown)} is nothing that a link may permit; ${SETUP_PERMISSIONS.join(', ')} are accepted.`,
    );
  }
  const mayGive = permitted.includes('roles');
  if (mayGive !== roles.length > 0) {
    throw new InvalidValue(
      mayGive
        ? 'A link that permits roles names those that groups may be given with it.'
        : 'A link names roles when it permits roles, and otherwise none.',
    );
  }
  return { for: whom, may: permitted, roles: mayGive ? readRoles(roles) : [] };
}

/** @throws NotFound, Conflict */
async function readActiveTenant(table: Table, tenantId: TenantId): Promise<Tenant> {
  const tenant = await getTenant(table, tenantId);
  if (tenant === undefined) throw noSuchTenant(tenantId);
  if (tenant.status !== 'active') throw suspended(tenantId);
  return tenant;
}

const suspended = (tenantId: TenantId): Conflict =>
  new Conflict(`The tenant "${tenantId}" is suspended; resume it before making a link to its set-up page.`);

/** A link with its state. */
export interface ListedSetupLink extends SetupLink {
  readonly state: SetupLinkState;
}

/**
 * A tenant's links, the newest first, strongly consistent; those that have ended for some 30 days.
 *
 * @throws NotFound for the tenant
 */
export async function listSetupLinks(
  table: Table,
  tenantId: TenantId,
  now = new Date(),
): Promise<readonly ListedSetupLink[]> {
  const [tenant, links] = await Promise.all([getTenant(table, tenantId), linksOf(table, tenantId)]);
  if (tenant === undefined) throw noSuchTenant(tenantId);
  return links
    .map((link) => ({ ...link, state: stateOf(link, tenant, now) }))
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

const linksOf = async (table: Table, tenant: TenantId): Promise<SetupLink[]> =>
  (await itemsOf(table, tenant)).map(linkOf);

const itemsOf = (table: Table, tenant: TenantId): Promise<Item[]> =>
  table.queryAll({ pk: setupPartition(tenant), sk: SETUP_LINKS });

/**
 * Refuses a link from now on. There is no cache to flush: each request reads it.
 *
 * @param extraWrites written in the same transaction; not when it was revoked before
 * @throws NotFound
 */
export async function revokeSetupLink(
  table: Table,
  tenant: TenantId,
  linkId: string,
  extraWrites: readonly Write[] = [],
  now = new Date(),
): Promise<SetupLink> {
  const found = (await itemsOf(table, tenant)).find((item) => linkOf(item).linkId === linkId);
  if (found === undefined) throw noSuchLink(tenant, linkId);
  const link = linkOf(found);
  if (link.revokedAt !== undefined) return link;
  const revokedAt = now.toISOString();
  try {
    await table.transact([
      {
        kind: 'update',
        key: { pk: found.pk, sk: found.sk },
        update: 'SET revokedAt = :now',
        values: { ':now': revokedAt },
        condition: { expression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)' },
      },
      ...extraWrites,
    ]);
  } catch (error) {
    // Somebody else has revoked it, or its time has removed it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
  return { ...link, revokedAt };
}

const noSuchLink = (tenant: TenantId, linkId: string): NotFound =>
  new NotFound(`The tenant "${tenant}" has no link with the id ${JSON.stringify(linkId)}.`);

/** What a presented secret turned out to be. Only `live` comes with a right to do anything. */
export type SetupLinkCheck =
  | { readonly outcome: SetupLinkState; readonly link: SetupLink; readonly tenant: Tenant }
  | { readonly outcome: 'malformed' | 'unknown' };

/**
 * Looks a presented secret up, with its tenant, strongly consistent: a revocation and a suspension hold at once. As
 * with tokens the look-up is by the SHA-256, and how long it takes tells nothing of the 256 random bits behind it.
 */
export async function findSetupLink(table: Table, secret: string, now: Date): Promise<SetupLinkCheck> {
  const tenantId = tenantOfSetupSecret(secret);
  if (tenantId === undefined) return { outcome: 'malformed' };
  const [item, tenant] = await Promise.all([
    table.get<Item>(setupLinkKey(tenantId, hashToken(secret))),
    getTenant(table, tenantId),
  ]);
  if (item === undefined || tenant === undefined) return { outcome: 'unknown' };
  const link = linkOf(item);
  return { outcome: stateOf(link, tenant, now), link, tenant };
}

/**
 * Notes that a link was used, at most every five minutes, in one transaction with the extra writes.
 *
 * @param secret as presented
 */
export async function recordSetupLinkUse(
  table: Table,
  secret: string,
  { tenantId, lastUsedAt }: SetupLink,
  now: Date,
  extraWrites: () => Promise<readonly Write[]>,
): Promise<void> {
  const lately = new Date(now.getTime() - USE_RECORDED_EVERY_MS).toISOString();
  if (lastUsedAt !== undefined && lastUsedAt > lately) return;
  try {
    await table.transact([
      {
        kind: 'update',
        key: setupLinkKey(tenantId, hashToken(secret)),
        update: 'SET lastUsedAt = :now',
        values: { ':now': now.toISOString(), ':lately': lately },
        condition: {
          expression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt <= :lately)',
        },
      },
      ...(await extraWrites()),
    ]);
  } catch (error) {
    // Another request noted it first.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
