import { searchDeleted } from '../directory/resources/deleted-resources';
import { idsWithValue, searchedTexts } from '../directory/resources/index-items';
import { idsWithText } from '../directory/resources/search';
import {
  isResourceId,
  RESOURCE_KINDS,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  resourceOfSortKey,
  type TenantId,
  tombstoneKey,
} from '../directory/table/keys';
import { appIdGuardKey } from '../directory/table/value-keys';
import { foldForSearch } from '../scim/comparison';
import { isJsonObject, type JsonObject, LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { isoOf, namesOf } from './shown-resource';

/** What a user or a group is named by besides the id, in words. */
const NAMES_OF: Readonly<Record<ResourceKind, string>> = {
  User: 'userName, externalId, e-mail address, appId or displayName',
  Group: 'displayName or externalId',
};

/** So many of one name are listed, to choose from. */
const MAX_CHOICES = 20;

/** What a name may mean. */
interface Choice {
  readonly kind: ResourceKind;
  readonly id: ResourceId;
  /** Milliseconds since 1970; of what is deleted. */
  readonly deletedAt?: number;
  /** Of what is deleted: others are read when several are there to choose from. */
  readonly attributes?: JsonObject;
}

/** Whose name is looked for, where. */
interface Sought {
  readonly table: Deployment['table'];
  readonly tenant: TenantId;
  readonly named: string;
  readonly kinds: readonly ResourceKind[];
}

/**
 * The id of the user or group that somebody means: by its id, which may be that of one that is deleted, or by userName,
 * externalId, e-mail address, the app's own id of a user, or displayName. An identity provider's own id may look like
 * one of ours, so what has the id comes before what has it as externalId; whoever has a name of their own before those
 * who are called so; and whoever is there before one who is deleted.
 *
 * @param kinds what may be meant
 * @throws AdminError notFound when nobody has the name; invalidInput when several have it, with what tells them apart
 */
export async function findResource(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  named: string,
  kinds: readonly ResourceKind[] = RESOURCE_KINDS,
): Promise<ResourceId> {
  const sought = { table, tenant, named, kinds };
  if (isResourceId(named) && (await isKnown(sought))) return named;
  for (const look of LONE_SURROGATE.test(named) ? [] : [byOwnName, byDisplayName]) {
    const found = await look(sought);
    if (found.length > 0) return only(sought, found);
  }
  // What the log tells of one that is gone outlives the tombstone.
  return isResourceId(named) ? named : findDeleted({ table }, tenant, named, kinds);
}

/**
 * The id of the deleted user or group that somebody means, by its id or by the names that it had.
 *
 * @throws AdminError as `findResource`
 */
export async function findDeleted(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  named: string,
  kinds: readonly ResourceKind[],
): Promise<ResourceId> {
  if (isResourceId(named)) return named;
  const sought = { table, tenant, named, kinds };
  const found: Choice[] = [];
  for (const kind of LONE_SURROGATE.test(named) ? [] : kinds) {
    const part = await searchDeleted(sought, kind, hadName(kind, named), { most: MAX_CHOICES });
    found.push(...part.found.map((deleted): Choice => ({ kind, ...deleted })));
    // One that was looked at may not be the one that is meant.
    if (part.next !== undefined && part.found.length < MAX_CHOICES) throw nobodyHas(sought, 'too many');
  }
  if (found.length === 0) throw nobodyHas(sought);
  return only(sought, found);
}

async function byOwnName({ table, tenant, named, kinds }: Sought): Promise<Choice[]> {
  const found: Choice[] = [];
  for (const kind of kinds) {
    const ids = await idsWithValue({ table, tenant }, kind, named);
    if (kind === 'User') ids.push(...(await idsWithAppId({ table }, tenant, named)));
    for (const id of new Set(ids)) if (isResourceId(id)) found.push({ kind, id });
  }
  return found;
}

/** Users alone: a group's displayName is one of its own names. */
async function byDisplayName({ table, tenant, named, kinds }: Sought): Promise<Choice[]> {
  if (named === '' || !kinds.includes('User')) return [];
  const ids = await idsWithText({ table, tenant }, 'User', named, MAX_CHOICES);
  return [...new Set(ids)].map((id): Choice => ({ kind: 'User', id }));
}

const hadName =
  (kind: ResourceKind, named: string) =>
  ({
    attributes,
    kept,
  }: {
    readonly attributes: JsonObject;
    readonly kept: { readonly appId?: string };
  }): boolean =>
    attributes.externalId === named ||
    (kind === 'User' && kept.appId === named) ||
    searchedTexts(kind, attributes).some((text) => foldForSearch(text) === foldForSearch(named));

async function idsWithAppId(
  { table }: Pick<Deployment, 'table'>,
  tenant: TenantId,
  appId: string,
): Promise<string[]> {
  const guard = await table.get<{ id?: string }>(appIdGuardKey(tenant, appId));
  return guard?.id === undefined ? [] : [guard.id];
}

/** Whether one of the kinds has this id, or had it and has a tombstone. */
async function isKnown({ table, tenant, named, kinds }: Sought): Promise<boolean> {
  const keys = kinds.flatMap((kind) => [resourceKey(tenant, kind, named), tombstoneKey(tenant, kind, named)]);
  return (await table.batchGet(keys, { consistent: true, attributes: ['pk', 'sk'] })).length > 0;
}

/** @throws AdminError invalidInput when there are several, each with what tells it from the others */
async function only(sought: Sought, found: readonly Choice[]): Promise<ResourceId> {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first.id;
  const choices = await withAttributes(sought, found.slice(0, MAX_CHOICES));
  throw new AdminError(
    'invalidInput',
    `Several have the name ${JSON.stringify(sought.named)}; give the id of one of them: ${choices.map(textOf).join(', ')}.`,
  );
}

async function withAttributes({ table, tenant }: Sought, found: readonly Choice[]): Promise<Choice[]> {
  const keys = found.flatMap(({ kind, id, attributes }) =>
    attributes === undefined ? [resourceKey(tenant, kind, id)] : [],
  );
  const items = await table.batchGet<{ body?: string }>(keys, { attributes: ['sk', 'body'] });
  const read = new Map(
    items.map(({ sk, body = '{}' }) => [resourceOfSortKey(sk)?.id, JSON.parse(body) as unknown]),
  );
  return found.map((choice) => {
    const attributes = choice.attributes ?? read.get(choice.id);
    return isJsonObject(attributes) ? { ...choice, attributes } : choice;
  });
}

/** One of several, as in "User 2819c223-… (jane@example.com, inactive)". */
function textOf({ kind, id, deletedAt, attributes = {} }: Choice): string {
  const { userName, displayName } = namesOf(attributes);
  const state =
    deletedAt !== undefined
      ? `deleted ${isoOf(deletedAt)}`
      : kind === 'User' && attributes.active === false
        ? 'inactive'
        : undefined;
  const told = [kind === 'User' ? userName : displayName, state].filter((part) => part !== undefined);
  return `${kind} ${id}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
}

function nobodyHas({ tenant, named, kinds }: Sought, why?: 'too many'): AdminError {
  const what = kinds.map((kind) => kind.toLowerCase()).join(' or ');
  const names = kinds.map(
    (kind) => `${NAMES_OF[kind]}${kinds.length > 1 ? ` (${kind.toLowerCase()}s)` : ''}`,
  );
  const nobody = `No ${what} of the tenant "${tenant}" has the id, ${names.join(', ')} ${JSON.stringify(named)}`;
  const deleted =
    why === undefined
      ? ', nor has one that is deleted and kept.'
      : `. Too many are deleted to look through all of them here: ${kinds[0]?.toLowerCase()} find with --deleted does, and tells the id.`;
  return new AdminError('notFound', `${nobody}${deleted}`);
}
