import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../directory/table/parallel';
import { isJsonObject, type JsonObject } from '../../scim/json';
import { type DemonstratedStep, demonstratedSteps } from '../demonstrated-steps';
import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { readLog } from '../log';
import { createTenant } from '../tenants';
import { createToken } from '../tokens';
import { Connection, ScimClient } from '../verify/scim-client';
import { type Undo, type UndoInput, undo } from './undo';

/** What was shown. */
export interface DemonstratedUndo {
  readonly tenantId: string;
  readonly steps: readonly DemonstratedStep[];
  /** Whether everything is as it was before, but for what the other identity provider has changed. */
  readonly isAsBefore: boolean;
}

/** How the demonstration comes along. */
export interface DemonstrationOptions {
  /** Told what undo would do, before it does it, and what it has done. */
  readonly onUndo: (undo: Undo) => void;
  readonly onProgress: NonNullable<UndoInput['onProgress']>;
}

const USERS = 1_000;
const DEACTIVATED = 800;
const DELETED = 100;
const TEAMS = 10;
const PROJECTS = 10;
/** One user is in so many groups that the cleaner takes them out, not the deletion. */
const CLUBS = 6;
const REMOVED_PER_TEAM = 50;
/** Requests at once, as identity providers have them. */
const AT_ONCE = 8;
const OPERATIONS_AT_ONCE = 250;
const PATIENCE_MS = 120_000;

/**
 * Shows what an identity provider does that was set up wrongly, who did it, and that all of it comes back: in a tenant
 * of its own, which stays to be looked at.
 *
 * @throws AdminError unsupported for a table alone, failed when a request is refused
 */
export async function demonstrateUndo(
  deployment: Deployment,
  { onUndo, onProgress }: DemonstrationOptions,
): Promise<DemonstratedUndo> {
  const { baseUrl } = deployment;
  if (baseUrl === undefined)
    throw new AdminError('unsupported', 'Nobody answers requests for a table alone.');
  const tenantId = `undo-${randomUUID().slice(0, 8)}`;
  await createTenant(deployment, { tenantId, name: 'Demonstration' });
  const connection = new Connection(baseUrl, new AbortController().signal);
  const providerOf = async (label: string) => {
    const { token, tokenId } = await createToken(deployment, { tenantId, label });
    return { actor: `token:${tokenId}`, ...requests(new ScimClient(connection, `Bearer ${token}`)) };
  };
  const { steps, timed } = demonstratedSteps();
  try {
    const [hr, entra] = [await providerOf('hr'), await providerOf('entra')];
    const { users, teams, projects } = await timed(
      'hr creates users and groups',
      () => create(hr),
      ({ users, teams, projects, clubs }) =>
        `${users.length} users, ${teams.length + projects.length + clubs.length} groups`,
    );
    const before = await everything(hr);
    const since = new Date();
    await timed(
      'Entra takes away what it should not',
      () => takeAway(entra, users, teams, projects),
      () =>
        `${DEACTIVATED} deactivated, ${DELETED} deleted, ${TEAMS * REMOVED_PER_TEAM} members removed, ${PROJECTS} groups deleted`,
    );
    const changed = await timed(
      'hr goes on',
      () => changeMeanwhile(hr, users),
      (ids) => `${ids.length} users changed`,
    );
    const input = { tenantId, since, actor: entra.actor };
    await timed(
      'the log tells who it was',
      () => untilLogged(deployment, input),
      (count) => `${count} users deactivated by ${entra.actor}`,
    );
    const plan = await timed(
      'undo shows what it would put back',
      () => undo(deployment, input),
      ({ counts }) => `${counts.planned} planned, ${counts.skipped} skipped`,
    );
    onUndo(plan);
    const done = await timed(
      'undo --apply',
      () => undo(deployment, { ...input, until: new Date(plan.until), apply: true, onProgress }),
      ({ counts }) =>
        `${counts.done} done, ${counts.skipped} skipped, ${counts.left + counts.failed} not done`,
    );
    onUndo(done);
    const differ = await timed(
      'before and after are compared',
      async () => differences(before, await everything(hr)),
      (ids) => `${ids.length} of ${before.size} differ`,
    );
    // Whoever is deleted by the other one is no member any more.
    const [, deleted = ''] = changed;
    const isExpected = (id: string) =>
      changed.includes(id) || (JSON.stringify(before.get(id)?.members) ?? '').includes(deleted);
    return {
      tenantId,
      steps,
      isAsBefore: done.counts.left + done.counts.failed === 0 && differ.every(isExpected),
    };
  } finally {
    connection.close();
  }
}

/** Requests of an identity provider. */
interface Requests {
  /** @throws AdminError failed when it is refused */
  send(method: string, path: string, body?: JsonObject): Promise<JsonObject>;
  /** @returns the ids */
  createAll(path: string, resources: readonly JsonObject[]): Promise<string[]>;
}

function requests(client: ScimClient): Requests {
  const send: Requests['send'] = async (method, path, body) => {
    for (;;) {
      const { status, text, request, body: answer } = await client.send(method, path, body);
      if (status < 400) return answer;
      if (status !== 429) throw new AdminError('failed', `${request} was answered ${status}: ${text}`);
      await delay(1_000);
    }
  };
  return {
    send,
    async createAll(path, resources) {
      const ids: string[] = [];
      for (let start = 0; start < resources.length; start += OPERATIONS_AT_ONCE) {
        const some = resources.slice(start, start + OPERATIONS_AT_ONCE);
        const operations = some.map((data, n) => ({ method: 'POST', path, bulkId: `b${start + n}`, data }));
        const { Operations = [] } = await send('POST', '/Bulk', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
          Operations: operations,
        });
        for (const operation of Array.isArray(Operations) ? Operations : []) {
          const location = isJsonObject(operation) ? String(operation.location) : '';
          ids.push(location.slice(location.lastIndexOf('/') + 1));
        }
      }
      return ids;
    },
  };
}

async function create({ createAll }: Requests) {
  const users = await createAll(
    '/Users',
    Array.from({ length: USERS }, (_, n) => userOf(n)),
  );
  const membersOf = (first: number, count: number) => [
    ...users.slice(first, first + count),
    ...users.slice(-1),
  ];
  const groupsOf = (name: string, count: number, members: (n: number) => string[]) =>
    createAll(
      '/Groups',
      Array.from({ length: count }, (_, n) => groupOf(`${name} ${n}`, members(n))),
    );
  const teams = await groupsOf('Team', TEAMS, (n) => membersOf(n * REMOVED_PER_TEAM, REMOVED_PER_TEAM + 10));
  const projects = await groupsOf('Project', PROJECTS, (n) => membersOf(USERS - 150 + n * 10, 30));
  const clubs = await groupsOf('Club', CLUBS, (n) => membersOf(n * 7, 7));
  return { users, teams, projects, clubs };
}

async function takeAway(
  { send }: Requests,
  users: readonly string[],
  teams: readonly string[],
  projects: readonly string[],
): Promise<void> {
  // As Entra sends it: the operation with a capital, the boolean as a string.
  const deactivation = patch({ op: 'Replace', path: 'active', value: 'False' });
  await inParallel(users.slice(0, DEACTIVATED), (id) => send('PATCH', `/Users/${id}`, deactivation), AT_ONCE);
  await inParallel(users.slice(-DELETED), (id) => send('DELETE', `/Users/${id}`), AT_ONCE);
  const removals = teams.flatMap((team, n) =>
    users.slice(n * REMOVED_PER_TEAM, (n + 1) * REMOVED_PER_TEAM).map((value) => ({ team, value })),
  );
  await inParallel(
    removals,
    ({ team, value }) =>
      send('PATCH', `/Groups/${team}`, patch({ op: 'Remove', path: 'members', value: [{ value }] })),
    AT_ONCE,
  );
  await inParallel(projects, (id) => send('DELETE', `/Groups/${id}`), AT_ONCE);
}

/** @returns whose users are not as before: one has a title, one is deleted, one stays deactivated */
async function changeMeanwhile({ send }: Requests, users: readonly string[]): Promise<string[]> {
  const [titled = '', deleted = '', deactivated = ''] = users;
  await send('PATCH', `/Users/${titled}`, patch({ op: 'replace', path: 'title', value: 'Director' }));
  await send('DELETE', `/Users/${deleted}`);
  for (const value of [true, false])
    await send('PATCH', `/Users/${deactivated}`, patch({ op: 'replace', path: 'active', value }));
  return [titled, deleted, deactivated];
}

/** Waits for the log, which is some seconds behind. @returns how many users were deactivated */
async function untilLogged(
  deployment: Deployment,
  { tenantId, since, actor }: Pick<UndoInput, 'tenantId' | 'since' | 'actor'>,
): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  const wanted = { 'user.deactivated': DEACTIVATED, 'user.deleted': DELETED, 'group.deleted': PROJECTS };
  for (;;) {
    const { entries } = await readLog(deployment, { tenantId, since, actor, limit: 10_000 });
    const countOf = (type: string) => entries.filter((entry) => entry.type === type).length;
    if (Object.entries(wanted).every(([type, count]) => countOf(type) >= count))
      return countOf('user.deactivated');
    if (Date.now() > giveUpAt)
      throw new AdminError('failed', `The log is more than ${PATIENCE_MS / 1000} s behind.`);
    await delay(1_000);
  }
}

/** Every resource as a client sees it, but for what each write changes. */
async function everything({ send }: Requests): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for (const path of ['/Users', '/Groups']) {
    for (let startIndex = 1; ; ) {
      const { Resources = [] } = await send('GET', `${path}?startIndex=${startIndex}&count=200`);
      const page = (Array.isArray(Resources) ? Resources : []).filter(isJsonObject);
      for (const { meta, ...resource } of page) {
        const { version: _, lastModified: __, ...rest } = isJsonObject(meta) ? meta : {};
        found.set(String(resource.id), inOrder({ ...resource, meta: rest }));
      }
      if (page.length === 0) break;
      startIndex += page.length;
    }
  }
  return found;
}

/** Members and groups have no order. */
function inOrder(resource: JsonObject): JsonObject {
  const textOf = (value: unknown) => JSON.stringify(value) ?? '';
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...value].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)) : value,
    ]),
  );
}

const differences = (
  before: ReadonlyMap<string, JsonObject>,
  after: ReadonlyMap<string, JsonObject>,
): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id)),
  );

const userOf = (n: number): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `user-${n}@example.com`,
  active: true,
});

const groupOf = (displayName: string, members: readonly string[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  members: members.map((value) => ({ value })),
});

const patch = (operation: JsonObject): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [operation],
});
