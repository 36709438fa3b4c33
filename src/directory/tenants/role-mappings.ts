import { foldCase } from '../../scim/comparison';
import { LONE_SURROGATE } from '../../scim/json';
import { isBlank } from '../../scim/unassigned';
import { InvalidValue, TooMany } from '../errors';
import type { TenantId } from '../table/keys';
import { type Condition, ConditionFailed, type Table, type Write } from '../table/table';
import { roleMappingKey, roleMappingPartition } from '../table/value-keys';

/**
 * The attribute by which a mapping names its group. A displayName survives a group that is deleted and pushed again;
 * an externalId also a rename.
 */
export type GroupNaming = 'displayName' | 'externalId';

/** What a group gives its members in the vendor's app. */
export interface RoleMapping {
  readonly by: GroupNaming;
  /** The group's displayName or externalId, as the administrator typed it. */
  readonly group: string;
  /** Names of roles or permissions; they mean something to the app alone. */
  readonly roles: readonly string[];
}

/** A mapping as stored. One that was taken away in the app's name has no roles, and goes soon. */
type MappingItem = RoleMapping & { readonly expiresAt?: number };

/** In a day, in seconds since 1970: the stream has told of it within seconds. */
const soon = (): number => Math.floor(Date.now() / 1000) + 86_400;

/** As resources have it (resources/origin.ts). */
interface WriteOrigin {
  readonly actor: string;
  readonly requestId: string;
}

/** Mappings of one tenant: each login of a user in a group reads them all. */
export const MAX_ROLE_MAPPINGS = 500;
/** Roles one group may give, and the form of their names. */
const MAX_ROLES = 50;
const ROLE = /^[\w.:/-]{1,100}$/;

/** A displayName is compared without case, an externalId with it, as their schema says. */
const compared = (by: GroupNaming, group: string): string => (by === 'displayName' ? foldCase(group) : group);

/** How a mapping is changed. */
export interface MappingChange {
  /** Written in the same transaction; not when there is no mapping to take away. */
  readonly extraWrites?: readonly Write[];
  /** Who does it, where the stream is to tell the provisioning log and not one of these writes. */
  readonly origin?: WriteOrigin;
  /**
   * Decides by the roles that the group gives so far, and throws to refuse. The write rests on what was seen: when that
   * has changed meanwhile it is decided anew.
   */
  readonly check?: (given: readonly string[]) => void;
}

/**
 * Maps a group to roles, in place of what it was mapped to before. The group need not exist yet.
 *
 * @throws InvalidValue for no group, no role, or a role's name of another form; TooMany when the tenant maps 500 groups
 *   already (some more when several are mapped at one moment); what `check` throws
 * @example await mapGroup(table, tenant, { by: 'displayName', group: 'Acme Admins', roles: ['admin'] });
 */
export async function mapGroup(
  table: Table,
  tenant: TenantId,
  { by, group, roles }: RoleMapping,
  { extraWrites = [], origin, check }: MappingChange = {},
): Promise<void> {
  checkGroup(by, group);
  const distinct = readRoles(roles);
  const item = { ...roleMappingKey(tenant, by, compared(by, group)), by, group, roles: distinct, ...origin };
  await decide(table, async () => {
    const mappings = await listRoleMappings(table, tenant);
    const present = mappings.find((mapping) => isSameMapping(mapping, { by, group }));
    check?.(present?.roles ?? []);
    if (present === undefined && mappings.length >= MAX_ROLE_MAPPINGS) throw tooManyMappings(mappings.length);
    const condition = check === undefined ? undefined : unchangedSince(present);
    await table.transact([{ kind: 'put', item, condition }, ...extraWrites]);
  });
}

/** The refusal of a further mapping. */
export const tooManyMappings = (mappings: number): TooMany =>
  new TooMany(
    'role mappings',
    `The tenant maps ${mappings} groups to roles, and at most ${MAX_ROLE_MAPPINGS} are accepted. Take one away that is not needed, or put its groups into one that is mapped.`,
  );

/** Decides and writes, again when what was decided by has changed before it was written. */
async function decide(table: Table, work: () => Promise<void>): Promise<void> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConditionFailed && error.failed.has(0))) throw error;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

/** Holds while the mapping is the one that was read. */
const unchangedSince = (present: RoleMapping | undefined): Condition =>
  present === undefined
    ? { expression: 'attribute_not_exists(pk) OR attribute_exists(expiresAt)' }
    : {
        expression: 'attribute_not_exists(expiresAt) AND #roles = :roles',
        names: { '#roles': 'roles' },
        values: { ':roles': present.roles },
      };

/** @throws InvalidValue for what cannot name a group */
export function checkGroup(by: GroupNaming, group: string): void {
  if (LONE_SURROGATE.test(group))
    throw new InvalidValue(`The group's ${by} has half of a character, which is not accepted.`);
  if (isBlank(group) || group.length > 500) {
    throw new InvalidValue(`The group's ${by} must have 1 to 500 characters.`);
  }
}

/** The names of roles that a group is to give, each once, sorted. @throws InvalidValue */
export function readRoles(roles: readonly string[]): string[] {
  const distinct = [...new Set(roles)].sort();
  if (distinct.length === 0 || distinct.length > MAX_ROLES) {
    throw new InvalidValue(`A group is mapped to 1 to ${MAX_ROLES} roles, not ${distinct.length}.`);
  }
  const wrong = distinct.find((role) => !ROLE.test(role));
  if (wrong !== undefined) {
    throw new InvalidValue(
      `${JSON.stringify(wrong.slice(0, 100))} is not a role's name; 1 to 100 letters, digits and _ . : / - are accepted.`,
    );
  }
  return distinct;
}

/** Whether two mappings name their group alike, so that one takes the place of the other. */
export const isSameMapping = (one: Omit<RoleMapping, 'roles'>, other: Omit<RoleMapping, 'roles'>): boolean =>
  one.by === other.by && compared(one.by, one.group) === compared(other.by, other.group);

/** Takes a group's mapping away; one that is not there is no error. @throws what `check` throws */
export async function unmapGroup(
  table: Table,
  tenant: TenantId,
  by: GroupNaming,
  group: string,
  { extraWrites = [], origin, check }: MappingChange = {},
): Promise<void> {
  const key = roleMappingKey(tenant, by, compared(by, group));
  const taking = (condition: Condition): Write =>
    origin === undefined
      ? { kind: 'delete', key, condition }
      : // A removed item could not say who has removed it.
        { kind: 'put', item: { ...key, by, group, roles: [], expiresAt: soon(), ...origin }, condition };
  await decide(table, async () => {
    const mappings = await listRoleMappings(table, tenant);
    const present = mappings.find((mapping) => isSameMapping(mapping, { by, group }));
    if (present === undefined) return;
    check?.(present.roles);
    await table.transact([taking(unchangedSince(present)), ...extraWrites]);
  });
}

/** All mappings of a tenant. There are as many as the vendor's customer has kinds of access: a handful. */
export async function listRoleMappings(table: Table, tenant: TenantId): Promise<RoleMapping[]> {
  const items = await table.queryAll<MappingItem>({ pk: roleMappingPartition(tenant) });
  const present = items.filter(({ expiresAt }) => expiresAt === undefined);
  return present.map(({ by, group, roles }) => ({ by, group, roles }));
}

/** A group as far as mappings name it. */
interface NameableGroup {
  readonly displayName?: unknown;
  readonly externalId?: unknown;
}

/** The roles that some groups give together, each once, sorted. */
export function rolesFrom(mappings: readonly RoleMapping[], groups: readonly NameableGroup[]): string[] {
  const byKey = byComparedName(mappings);
  return [...new Set(groups.flatMap((group) => named(byKey, group)).flatMap(({ roles }) => roles))].sort();
}

/** The mappings that name a group, by its displayName or its externalId. */
export const mappingsOfGroup = (mappings: readonly RoleMapping[], group: NameableGroup): RoleMapping[] =>
  named(byComparedName(mappings), group);

const byComparedName = (mappings: readonly RoleMapping[]): ReadonlyMap<string, RoleMapping> =>
  new Map(mappings.map((mapping) => [`${mapping.by}#${compared(mapping.by, mapping.group)}`, mapping]));

function named(byKey: ReadonlyMap<string, RoleMapping>, group: NameableGroup): RoleMapping[] {
  return (['displayName', 'externalId'] as const).flatMap((by) => {
    const value = group[by];
    return typeof value === 'string' ? (byKey.get(`${by}#${compared(by, value)}`) ?? []) : [];
  });
}
