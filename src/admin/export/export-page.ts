import { pendingDelta } from '../../directory/groups/membership-journal';
import { hiddenMembers, type Member, membersAfter } from '../../directory/groups/memberships';
import type { Directory } from '../../directory/resources/directory';
import type { StoredGroup } from '../../directory/resources/items';
import { readAfter } from '../../directory/resources/read-resources';
import { isResourceId } from '../../directory/table/keys';
import { createRegistry } from '../../scim/schema/registry';
import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { readLimit } from '../list-resources';
import { directoryOf, type TenantInput } from '../tenants';
import { configurationLines } from './configuration';
import { MEMBERS_IN_A_LINE } from './export';
import { EXPORTED, type Exported } from './form';
import { jsonFormOf } from './json-form';

/** Which part of an export is wanted. */
export interface ExportPageInput extends TenantInput {
  /** `next` of the page before; the first page when absent. */
  readonly after?: string;
  /** So many lines at most; 100 when absent. */
  readonly limit?: number;
}

/** Lines of an export as JSON lines. */
export interface ExportPage {
  readonly items: readonly string[];
  /** Where the next page begins; absent when this is the last one. */
  readonly next?: string;
}

/** The page of what was chosen for the tenant: a handful of lines. */
const LAST = 'configuration';
const PARTS = [...EXPORTED, LAST] as const;

const DEFAULT_LIMIT = 100;
/** A resource may have 400 kB, and an answer of Lambda 6 MB. */
const RESOURCES_AT_ONCE = 10;
const ENOUGH_CHARACTERS = 500_000;

/**
 * Behind which user, group, or member of the group behind which group a page begins; "" is before the first. Of what
 * was chosen, behind how many lines.
 */
interface Place {
  readonly of: Exported | typeof LAST;
  readonly id: string;
  readonly member: string;
}

/**
 * The lines that `exportTenant` gives, a page at a time: for whoever asks over HTTP. Users are in the order of their
 * ids: a cursor that names one place is all that there is to remember.
 *
 * @throws AdminError notFound for the tenant; invalidInput for a limit or a cursor that is none
 */
export async function exportPage(deployment: Deployment, input: ExportPageInput): Promise<ExportPage> {
  const { limit = DEFAULT_LIMIT } = input;
  readLimit(limit);
  let place: Place | undefined = placeIn(input.after);
  const directory = await directoryOf(deployment, input);
  const items: string[] = [];
  let characters = 0;
  // A group without members is no line, and a page may not look at any number of them.
  for (let looks = 0; place !== undefined && items.length < limit && looks < limit; looks++) {
    const read: Step = await stepOf(directory, place, Math.min(RESOURCES_AT_ONCE, limit - items.length));
    items.push(...read.items);
    characters += read.items.reduce((sum, { length }) => sum + length, 0);
    place = read.next;
    if (characters > ENOUGH_CHARACTERS) break;
  }
  return place === undefined ? { items } : { items, next: `${place.of} ${place.id} ${place.member}` };
}

function placeIn(after: string | undefined): Place {
  if (after === undefined) return { of: 'users', id: '', member: '' };
  const [part, id = '', member = '', more] = after.split(' ');
  const of = PARTS.find((name) => name === part);
  const isId = of === LAST ? (text: string) => /^\d{1,4}$/.test(text) : isResourceId;
  const areIds = [id, member].every((text) => text === '' || isId(text));
  if (of !== undefined && areIds && more === undefined) return { of, id, member };
  throw new AdminError('invalidInput', 'The cursor is not that of a page of an export.');
}

/** What is read at once, and where it goes on. */
interface Step {
  readonly items: readonly string[];
  readonly next: Place | undefined;
}

const FORM = jsonFormOf(createRegistry());

async function stepOf(directory: Directory, place: Place, count: number): Promise<Step> {
  if (place.of === LAST) {
    const lines = (await configurationLines(directory)).slice(Number(place.id));
    const items = lines.slice(0, count).map(({ text }) => text);
    const next = lines.length > count ? { ...place, id: String(Number(place.id) + count) } : undefined;
    return { items, next };
  }
  if (place.of === 'members') return memberStep(directory, place);
  const [kind, next] = place.of === 'users' ? (['User', 'groups'] as const) : (['Group', 'members'] as const);
  const resources = await readAfter(directory, kind, place.id, count);
  const items = resources.map((resource) =>
    resource.kind === 'User' ? FORM.user(resource) : FORM.group(resource),
  );
  const last = resources.at(-1);
  const isLast = resources.length < count || last === undefined;
  return { items, next: isLast ? { of: next, id: '', member: '' } : { ...place, id: last.id } };
}

/** A line of members of the next group, or none when it has none. */
async function memberStep(directory: Directory, { of, id, member }: Place): Promise<Step> {
  const [group] = await readAfter(directory, 'Group', id, 1);
  if (group?.kind !== 'Group') return { items: [], next: { of: LAST, id: '', member: '' } };
  const { members, last } = await membersFrom(directory, group, member);
  return {
    items: members.length === 0 ? [] : FORM.members({ groupId: group.id, members }),
    next: last === undefined ? { of, id: group.id, member: '' } : { of, id, member: last },
  };
}

/** @returns `last`: the id behind which there are more */
async function membersFrom(
  directory: Directory,
  { id, change }: StoredGroup,
  after: string,
): Promise<{ members: readonly Member[]; last?: string }> {
  const { add, remove } =
    change === undefined ? { add: [], remove: [] } : await pendingDelta(directory, id, change);
  const [{ members, isLast }, hidden] = await Promise.all([
    membersAfter(directory, id, after, MEMBERS_IN_A_LINE),
    hiddenMembers(directory),
  ]);
  const last = isLast ? undefined : members.at(-1)?.id;
  const missing = add.filter((member) => member.id > after && (last === undefined || member.id <= last));
  const all = new Map([...members, ...missing].map((member) => [member.id, member]));
  for (const gone of [...hidden, ...remove]) all.delete(gone);
  return { members: [...all.values()], ...(last === undefined ? {} : { last }) };
}
