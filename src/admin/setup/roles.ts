import type { RolePreview } from '../../access/preview';
import { readAfter, readByIds } from '../../directory/resources/read-resources';
import { isResourceId } from '../../directory/table/keys';
import { type RoleMapping, unmapGroup as takeMapping } from '../../directory/tenants/role-mappings';
import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { findGroups } from '../find';
import type { ListedGroup, Part } from '../list-resources';
import { type GroupInput, listRoleMappings, mapGroup, previewMapping } from '../roles';
import { namesOf } from '../shown-resource';
import { directoryOf, findTenant, type TenantInput } from '../tenants';

/** A mapping, and whether a link that may give some roles may change it. */
export interface ChangeableMapping extends RoleMapping {
  readonly isChangeable: boolean;
}

/** The roles that groups may be given with a link. */
interface WithRoles {
  readonly mayGive: readonly string[];
}

/** A group to choose. */
export interface NamedGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string;
}

const DEFAULT_LIMIT = 100;

/**
 * A tenant's groups in the order of their ids, or those whose displayName begins with a prefix in the order of that,
 * page by page.
 *
 * @throws AdminError notFound, invalidInput
 */
export async function listGroups(
  deployment: Deployment,
  {
    prefix,
    after = '',
    limit = DEFAULT_LIMIT,
    ...input
  }: TenantInput & { readonly prefix?: string; readonly after?: string; readonly limit?: number },
): Promise<Part<NamedGroup>> {
  if (prefix !== undefined) {
    const place = after === '' ? {} : { after };
    const { items, next } = await findGroups(deployment, { ...input, ...place, prefix, limit });
    return { items: items.map(namedGroup), ...(next === undefined ? {} : { next }) };
  }
  if (after !== '' && !isResourceId(after))
    throw new AdminError('invalidInput', `${JSON.stringify(after)} is no place in the list of groups.`);
  const directory = await directoryOf(deployment, input);
  const groups = await readAfter(directory, 'Group', after, limit + 1);
  const items = groups
    .slice(0, limit)
    .map(({ id, attributes }) => namedGroup({ id, ...namesOf(attributes) }));
  const next = groups.length > limit ? items.at(-1)?.id : undefined;
  return { items, ...(next === undefined ? {} : { next }) };
}

const namedGroup = ({
  id,
  displayName = '',
  externalId,
}: Pick<ListedGroup, 'id' | 'displayName' | 'externalId'>): NamedGroup => ({
  id,
  displayName,
  ...(externalId === undefined ? {} : { externalId }),
});

/** What a tenant's groups give. */
export async function listChangeableMappings(
  deployment: Deployment,
  { mayGive, ...input }: TenantInput & WithRoles,
): Promise<readonly ChangeableMapping[]> {
  const mappings = await listRoleMappings(deployment, input);
  return mappings.map((mapping) => withChangeable(mapping, mayGive));
}

const withChangeable = (
  { by, group, roles }: RoleMapping,
  mayGive: readonly string[],
): ChangeableMapping => ({
  by,
  group,
  roles,
  isChangeable: roles.every((role) => mayGive.includes(role)),
});

/** A preview that names whom it is about. */
export interface NamedPreview extends Omit<RolePreview, 'changes'> {
  readonly changes: readonly (Omit<RolePreview['changes'][number], 'first'> & {
    readonly first: readonly { readonly id: string; readonly userName?: string }[];
  })[];
}

/** Who would gain and who would lose which roles. @throws AdminError, TooMany as `previewMapping` of administrators */
export async function previewByName(
  deployment: Deployment,
  input: GroupInput & { readonly roles: readonly string[] },
): Promise<NamedPreview> {
  const { before, after, groups, users, inactive, changes } = await previewMapping(deployment, input);
  const directory = await directoryOf(deployment, input);
  const ids = [...new Set(changes.flatMap(({ first }) => first))];
  const named = new Map(
    (await readByIds(directory, 'User', ids)).map(({ id, attributes }) => [
      String(id),
      namesOf(attributes).userName,
    ]),
  );
  return {
    ...{ before, after, groups, users, inactive },
    changes: changes.map(({ role, change, users: count, first }) => ({
      ...{ role, change, users: count },
      first: first.map((id) => {
        const userName = named.get(id);
        return { id, ...(userName === undefined ? {} : { userName }) };
      }),
    })),
  };
}

/**
 * Maps a group to roles in the name of a link, in place of those it gave before.
 *
 * @throws RoleNotPermitted for a role that the link may not give, or take away
 */
export async function mapPermitted(
  deployment: Deployment,
  { mayGive, ...input }: GroupInput & WithRoles & { readonly roles: readonly string[] },
): Promise<ChangeableMapping> {
  return withChangeable(await mapGroup(deployment, input, permitting(mayGive, input.roles)), mayGive);
}

/** Lets a group give no roles any more, in the name of a link. @throws RoleNotPermitted */
export async function unmapPermitted(
  deployment: Deployment,
  { mayGive, ...input }: GroupInput & WithRoles,
): Promise<ChangeableMapping> {
  const { table, origin } = deployment;
  const { group, by = 'displayName' } = input;
  const tenant = await findTenant(deployment, input);
  // The stream tells the log of it, and the item is not deleted: the page's function has no right to.
  await takeMapping(table, tenant, by, group, { origin, check: permitting(mayGive, []) });
  return withChangeable({ by, group, roles: [] }, mayGive);
}

/** A role that a link may not give, or take away. The message is for the customer's administrator. */
export class RoleNotPermitted extends Error {
  override readonly name = 'RoleNotPermitted';
}

/**
 * Decides whether a link may map a group: the vendor may have mapped it to more than the link may give, which is not
 * the customer's to take away.
 */
const permitting =
  (mayGive: readonly string[], given: readonly string[]) =>
  (taken: readonly string[]): void => {
    const refused = [...given, ...taken].find((role) => !mayGive.includes(role));
    if (refused === undefined) return;
    const verb = given.includes(refused) ? 'give a group' : 'take from a group';
    throw new RoleNotPermitted(
      `This link may not ${verb} the role ${JSON.stringify(refused.slice(0, 100))}; it may give and take ${mayGive.join(', ')}.`,
    );
  };
