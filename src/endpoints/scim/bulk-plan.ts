import {
  type AllottedId,
  allotIds,
  bulkAttempt,
  uniqueNamesOf,
} from '../../directory/resources/bulk-requests';
import type { Directory } from '../../directory/resources/directory';
import type { ResourceId, ResourceKind } from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import { deletedUserWith } from '../../directory/users/deleted-users';
import { wantsBack } from '../../directory/users/provision-user';
import {
  type Footprint,
  footprintOf,
  mayFreeName,
  stepsToAwait,
  uniqueNamesIn,
} from '../../scim/bulk/conflicts';
import { bulkIdIn, referencesIn, resolveReferences } from '../../scim/bulk/references';
import { type BulkOperation, type BulkRequest, isReadable } from '../../scim/bulk/request';
import { type BulkStep, orderSteps } from '../../scim/bulk/steps';
import { foldCase } from '../../scim/comparison';
import { isJsonObject, type JsonValue, LONE_SURROGATE } from '../../scim/json';

/** How a Bulk request is carried out. */
export interface BulkPlan {
  /** In an order that may be followed one by one. */
  readonly steps: readonly BulkStep[];
  /** What each step has to wait for when steps run at once. */
  readonly awaits: ReadonlyMap<BulkStep, ReadonlySet<BulkStep>>;
  /** The bulkIds that an operation refers to, in its data and its path. */
  readonly references: (operation: BulkOperation) => ReadonlySet<string>;
  /** The position of the POST that has a bulkId, also of one that cannot be tried. */
  readonly creatorOf: (bulkId: string) => number | undefined;
  /** The id that the POST at a position gives to what it creates; undefined for one that is not to an endpoint. */
  readonly newIdAt: (index: number) => AllottedId | undefined;
  /** Data with ids in the place of references. */
  readonly resolve: (data: JsonValue) => JsonValue;
  /** The id in an operation's path, or the one a POST creates. */
  readonly resourceId: (operation: BulkOperation) => string | undefined;
}

/**
 * Plans a Bulk request: allots the ids of what it creates, which makes forward and circular references a matter of
 * substitution, and finds the order of operations.
 *
 * @param body the request's JSON, by which a repetition is known
 */
export async function planBulk(
  directory: Directory,
  request: BulkRequest,
  body: JsonValue,
): Promise<BulkPlan> {
  const operations = request.operations.filter(isReadable);
  const newIds = await newIdsFor(directory, operations, body);
  const creators = new Map<string, number>();
  for (const { method, bulkId, index } of request.operations) {
    if (method === 'POST' && bulkId !== undefined && !creators.has(bulkId)) creators.set(bulkId, index);
  }
  const creatorOf = (bulkId: string) => creators.get(bulkId);
  const newIdAt = (index: number) => newIds.get(index);
  const idOf = (bulkId: string): string => newIds.get(creators.get(bulkId) ?? -1)?.id ?? `bulkId:${bulkId}`;
  const resolve = (data: JsonValue) => resolveReferences(data, idOf);
  const resourceId = ({ index, target: { id } }: BulkOperation): string | undefined => {
    const bulkId = id === undefined ? undefined : bulkIdIn(id);
    return bulkId === undefined ? (id ?? newIdAt(index)?.id) : idOf(bulkId);
  };
  const references = new Map(operations.map((operation) => [operation, referencesOf(operation)]));
  const byIndex = new Map(operations.map((operation) => [operation.index, operation]));
  const steps = orderSteps(operations, (operation) =>
    [...(references.get(operation) ?? [])].flatMap((bulkId) => byIndex.get(creators.get(bulkId) ?? -1) ?? []),
  );
  const resolved = operations.map((operation) => ({ ...operation, data: resolvedData(operation, resolve) }));
  const footprints = await footprintsOf(directory, resolved, resourceId);
  return {
    steps,
    awaits: stepsToAwait(
      steps,
      ({ index }) => footprints.get(index) ?? { changes: new Set(), reads: new Set() },
    ),
    references: (operation) => references.get(operation) ?? new Set(),
    creatorOf,
    newIdAt,
    resolve,
    resourceId,
  };
}

async function newIdsFor(
  directory: Directory,
  operations: readonly BulkOperation[],
  body: JsonValue,
): Promise<ReadonlyMap<number, AllottedId>> {
  const creations = operations
    .filter(({ method, target }) => method === 'POST' && target.id === undefined)
    .map(({ index, target }) => ({ index, kind: target.resource === 'Users' ? 'User' : 'Group' }) as const);
  if (creations.length === 0) return new Map();
  const deleted = await deletedUsersFor(directory, operations);
  return allotIds(directory, await bulkAttempt(directory, JSON.stringify(body), { deleted }), creations);
}

/**
 * The deleted users that POSTs of the request are to give back, by position: others may refer to them before they are
 * back. Of two POSTs with one externalId the first has the user.
 */
async function deletedUsersFor(
  directory: Directory,
  operations: readonly BulkOperation[],
): Promise<Record<string, ResourceId>> {
  if (!wantsBack(directory)) return {};
  const positions = new Map<string, number>();
  for (const { method, target, data, index } of operations) {
    const isCreation = method === 'POST' && target.resource === 'Users' && target.id === undefined;
    const externalId = isCreation ? externalIdIn(data) : undefined;
    if (externalId !== undefined && !positions.has(externalId)) positions.set(externalId, index);
  }
  const found = await inParallel([...positions], async ([externalId, index]) => {
    const id = await deletedUserWith(directory, externalId);
    return id === undefined ? [] : [[String(index), id] as const];
  });
  return Object.fromEntries(found.flat());
}

function externalIdIn(data: JsonValue | undefined): string | undefined {
  if (!isJsonObject(data)) return undefined;
  const name = Object.keys(data).find((key) => /^(?:.*:)?externalId$/i.test(key));
  const value = name === undefined ? undefined : data[name];
  // No key can hold half a character; the operation itself is refused for it.
  return typeof value === 'string' && !LONE_SURROGATE.test(value) ? value : undefined;
}

function referencesOf({ data, target }: BulkOperation): ReadonlySet<string> {
  const inData = data === undefined ? [] : referencesIn(data);
  const inPath = target.id === undefined ? undefined : bulkIdIn(target.id);
  return new Set(inPath === undefined ? inData : [...inData, inPath]);
}

const resolvedData = ({ data }: BulkOperation, resolve: (data: JsonValue) => JsonValue) =>
  data === undefined ? undefined : resolve(data);

/**
 * The footprints by position. Which unique name a resource has at present is read only where it can matter: when one
 * operation gives a name and another may free one.
 */
async function footprintsOf(
  directory: Directory,
  operations: readonly BulkOperation[],
  resourceId: (operation: BulkOperation) => string | undefined,
): Promise<ReadonlyMap<number, Footprint>> {
  const idOf = (operation: BulkOperation) => resourceId(operation) ?? '';
  const users = operations.filter(({ target }) => target.resource === 'Users');
  const groups = operations.filter(({ target }) => target.resource === 'Groups');
  const [userNames, groupNames] = await Promise.all([
    namesOf(directory, 'User', users, idOf),
    namesOf(directory, 'Group', groups, idOf),
  ]);
  return new Map(
    operations.map((operation) => {
      const id = idOf(operation);
      const names = operation.target.resource === 'Users' ? userNames : groupNames;
      return [operation.index, footprintOf(operation, id, names.get(id) ?? [])];
    }),
  );
}

/** The unique names, folded, that each resource of one endpoint has or is given within the request. */
async function namesOf(
  directory: Directory,
  kind: ResourceKind,
  operations: readonly BulkOperation[],
  idOf: (operation: BulkOperation) => string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const names = new Map<string, Set<string>>();
  const addName = (id: string, name: string) => {
    const known = names.get(id);
    if (known === undefined) names.set(id, new Set([name]));
    else known.add(name);
  };
  for (const operation of operations) {
    for (const name of uniqueNamesIn(operation)) addName(idOf(operation), name);
  }
  const freeing = new Set(operations.filter(mayFreeName).map(idOf));
  if (names.size > 0 && freeing.size > 0 && new Set([...names.keys(), ...freeing]).size > 1) {
    const present = await uniqueNamesOf(directory, kind, freeing);
    for (const [id, name] of present) addName(id, foldCase(name.trim()));
  }
  return names;
}
