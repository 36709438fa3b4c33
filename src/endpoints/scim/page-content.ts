import { TooMany } from '../../directory/errors';
import { groupsShown } from '../../directory/groups/group-membership';
import { membersOf } from '../../directory/groups/groups';
import type { Derived } from '../../directory/lists/filter-evaluation';
import type { Selection } from '../../directory/lists/selection';
import type { Directory } from '../../directory/resources/directory';
import type { Stored, StoredGroup } from '../../directory/resources/items';
import type { ResourceKind } from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import { ScimError } from '../../scim/errors';
import type { JsonObject } from '../../scim/json';
import { type Projection, project } from '../../scim/resource/projection';
import { groupsValue, membersValue } from './resource-response';

/**
 * A member takes about 200 bytes of the 6 MB that a Lambda function may answer, a group of a user a little more. It
 * bounds a page, too: the members of its groups and the groups of its users.
 */
export const MAX_MEMBERS_IN_AN_ANSWER = 20_000;
/** Bytes of resources on a page by cursor. */
const MAX_PAGE_SIZE = 4_500_000;
/** Groups whose members are read at once. */
const GROUPS_AT_ONCE = 16;

/** What the resources of a list look like to the client. */
export interface Appearance {
  readonly baseUrl: string;
  readonly selections: readonly Selection[];
  readonly projections: ReadonlyMap<ResourceKind, Projection>;
}

/**
 * Renders the resources of a page: loads the groups of users and the members of groups where the projection wants
 * them, and leaves what it shows.
 *
 * @throws ScimError tooMany when the members are more than one answer can carry
 */
export async function renderPage(
  directory: Directory,
  appearance: Appearance,
  resources: readonly Stored[],
  early?: EarlyGroups,
): Promise<JsonObject[]> {
  const derived = await loadDerived(directory, appearance, resources, early);
  if (derived.fitting < resources.length) throw tooLong();
  return show(appearance, resources, derived.values);
}

/**
 * Renders as many of a page's first resources as one answer can carry, but at least one: a page by cursor may be
 * shorter than was asked for.
 *
 * @throws ScimError tooMany when the first resource alone is more than one answer can carry
 */
export async function renderFittingPage(
  directory: Directory,
  appearance: Appearance,
  resources: readonly Stored[],
): Promise<JsonObject[]> {
  const { values, fitting } = await loadDerived(directory, appearance, resources);
  if (fitting === 0 && resources.length > 0) throw tooLong();
  const shown = show(appearance, resources.slice(0, fitting), values);
  let bytes = 0;
  const end = shown.findIndex((resource, position) => {
    bytes += Buffer.byteLength(JSON.stringify(resource));
    return bytes > MAX_PAGE_SIZE && position > 0;
  });
  return end < 0 ? shown : shown.slice(0, end);
}

/** The groups of the users on a page, asked for when only the users' ids are known, beside the users themselves. */
export class EarlyGroups {
  private readonly ids = new Set<string>();
  private loading: ReturnType<typeof groupsShown> | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly appearance: Appearance,
  ) {}

  /** Begins to load them; to be told what will be on the page. */
  readonly begin = (kind: ResourceKind, ids: readonly string[]): void => {
    const isWanted = kind === 'User' && this.appearance.projections.get('User')?.wants('groups') === true;
    if (!isWanted || this.loading !== undefined || ids.length === 0) return;
    for (const id of ids) this.ids.add(id);
    this.loading = groupsShown(this.directory, ids);
    // Should reading the users fail, nobody asks for their groups any more.
    this.loading.catch(() => undefined);
  };

  /** The groups of all these users; undefined when they were not asked for. */
  of(users: readonly Stored[]): ReturnType<typeof groupsShown> | undefined {
    return users.every(({ id }) => this.ids.has(id)) ? this.loading : undefined;
  }
}

function show(
  { selections, projections }: Appearance,
  resources: readonly Stored[],
  derived: ReadonlyMap<string, Derived>,
): JsonObject[] {
  return resources.flatMap((resource) => {
    const selection = selections.find(({ kind }) => kind === resource.kind);
    const projection = projections.get(resource.kind);
    if (selection === undefined || projection === undefined) return [];
    return [project(selection.view(resource, derived.get(resource.id) ?? {}), projection)];
  });
}

/**
 * What is not stored with the resources: `groups` and `members`, by resource id; and for how many of the first
 * resources there was room.
 */
interface LoadedDerived {
  readonly values: ReadonlyMap<string, Derived>;
  readonly fitting: number;
}

async function loadDerived(
  directory: Directory,
  { baseUrl, projections }: Appearance,
  resources: readonly Stored[],
  early?: EarlyGroups,
): Promise<LoadedDerived> {
  const users = projections.get('User')?.wants('groups')
    ? resources.filter(({ kind }) => kind === 'User')
    : [];
  const groups = projections.get('Group')?.wants('members') ? resources.filter(isGroup) : [];
  const [memberships, members] = await Promise.all([
    early?.of(users) ??
      groupsShown(
        directory,
        users.map(({ id }) => id),
      ),
    loadMembers(directory, groups, baseUrl),
  ]);
  const values = new Map(members);
  for (const { id } of users) values.set(id, groupsValue(memberships.get(id), baseUrl));
  const left = new Set(groups.filter(({ id }) => !members.has(id)).map(({ id }) => id));
  let shown = 0;
  const firstLeftOut = resources.findIndex(({ id }) => {
    const { groups = [], members = [] } = values.get(id) ?? {};
    shown += groups.length + members.length;
    return shown > MAX_MEMBERS_IN_AN_ANSWER || left.has(id);
  });
  return { values, fitting: firstLeftOut < 0 ? resources.length : firstLeftOut };
}

const isGroup = (resource: Stored): resource is StoredGroup => resource.kind === 'Group';

/** The members of the first groups, as long as there is room for them. */
async function loadMembers(
  directory: Directory,
  groups: readonly StoredGroup[],
  baseUrl: string,
): Promise<ReadonlyMap<string, Derived>> {
  const loaded = new Map<string, Derived>();
  let total = 0;
  for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
    const some = groups.slice(start, start + GROUPS_AT_ONCE);
    const lists = await inParallel(some, (group) => membersIfTheyFit(directory, group));
    for (const [position, members] of lists.entries()) {
      total += members?.length ?? 0;
      const group = some[position];
      if (members === undefined || group === undefined || total > MAX_MEMBERS_IN_AN_ANSWER) return loaded;
      loaded.set(group.id, membersValue(members, baseUrl));
    }
  }
  return loaded;
}

async function membersIfTheyFit(directory: Directory, group: StoredGroup) {
  try {
    return await membersOf(directory, group, { most: MAX_MEMBERS_IN_AN_ANSWER });
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
}

function tooLong(): ScimError {
  return new ScimError(
    'tooMany',
    'The page is larger than one answer can carry. Ask for fewer resources with a smaller count, or leave attributes out, for example with excludedAttributes=members,groups.',
  );
}
