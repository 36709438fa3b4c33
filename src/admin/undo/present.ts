import { membersAmong } from '../../directory/groups/members-among';
import type { Directory } from '../../directory/resources/directory';
import type { PendingChange } from '../../directory/resources/items';
import type { Origin } from '../../directory/resources/origin';
import {
  isResourceId,
  RESOURCE_KINDS,
  type ResourceKind,
  resourceKey,
  resourceOfSortKey,
  tombstoneKey,
} from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import type { Fact } from './facts';

/** A user or group as it is now, as far as an undo looks at it. */
export interface PresentResource extends Partial<Origin> {
  readonly kind: ResourceKind;
  readonly version: number;
  readonly active?: boolean;
  readonly change?: PendingChange;
}

/** What is so now of some facts. */
export interface Present {
  /** Those that are there, by id. */
  readonly resources: ReadonlyMap<string, PresentResource>;
  /** Request ids of the deletions of those that are not. */
  readonly deletedIn: ReadonlyMap<string, string | undefined>;
  /** By group and member. */
  readonly members: ReadonlySet<string>;
}

const ATTRIBUTES = ['pk', 'sk', 'version', 'active', 'change', 'actor', 'requestId'];

/** Reads what is so now, strongly consistent. */
export async function readPresent(directory: Directory, facts: readonly Fact[]): Promise<Present> {
  const { table, tenant } = directory;
  const ids = new Set(facts.flatMap((fact) => ('groupId' in fact ? [fact.id, fact.groupId] : [fact.id])));
  const known = [...ids].filter(isResourceId);
  const options = { consistent: true, attributes: ATTRIBUTES };
  const keys = (key: typeof resourceKey, of: readonly string[]) =>
    of.flatMap((id) => RESOURCE_KINDS.map((kind) => key(tenant, kind, id)));
  const items = await table.batchGet<Omit<PresentResource, 'kind'>>(keys(resourceKey, known), options);
  const resources = new Map<string, PresentResource>();
  for (const item of items) {
    const { kind, id } = resourceOfSortKey(item.sk) ?? {};
    if (kind !== undefined && id !== undefined) resources.set(id, { ...item, kind });
  }
  const absent = known.filter((id) => !resources.has(id));
  const tombstones = await table.batchGet<Partial<Origin>>(keys(tombstoneKey, absent), options);
  const deletedIn = new Map(tombstones.map(({ sk, requestId }) => [sk.slice(2), requestId]));
  return { resources, deletedIn, members: await readMembers(directory, facts, resources) };
}

async function readMembers(
  directory: Directory,
  facts: readonly Fact[],
  resources: Present['resources'],
): Promise<Set<string>> {
  const byGroup = new Map<string, string[]>();
  for (const fact of facts) {
    if (fact.fact !== 'membership' || resources.get(fact.groupId) === undefined) continue;
    byGroup.set(fact.groupId, [...(byGroup.get(fact.groupId) ?? []), fact.id]);
  }
  const found = await inParallel([...byGroup], async ([id, members]) => {
    const group = { id, change: resources.get(id)?.change };
    return (await membersAmong(directory, [group], members)).get(id)?.map((member) => `${id}/${member.id}`);
  });
  return new Set(found.flatMap((members) => members ?? []));
}

/** Whether a fact is so. */
export function isSo(fact: Fact, { resources, members }: Present): boolean {
  const resource = resources.get(fact.id);
  switch (fact.fact) {
    case 'existence':
      return resource !== undefined;
    case 'access':
      return resource !== undefined && resource.active !== false;
    case 'membership':
      return members.has(`${fact.groupId}/${fact.id}`);
  }
}
