import { Logger } from '@aws-lambda-powertools/logger';
import { errorResponse } from '../../lambdas/middleware/scim-errors';
import { getGroup, membersOf } from '../../src/directory/groups/groups';
import { finishChange } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { findUserId, getUser } from '../../src/directory/users/users';
import { groupsEndpoint } from '../../src/endpoints/scim/groups';
import { parsedBody, type ScimRequest, type ScimResponse } from '../../src/endpoints/scim/message';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import type { JsonObject } from '../../src/scim/json';
import { REGISTRY } from '../../testing/registry';

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const logger = new Logger({ logLevel: 'CRITICAL' });

/** Time that one request may take, as the function's timeout gives it. */
const REQUEST_MS = 20_000;

/** Sends a request as the function does: with a deadline, and every error as the client gets it. */
export async function send(
  directory: Directory,
  method: string,
  resource: 'Users' | 'Groups',
  { id, body, ifMatch }: { id?: string; body?: JsonObject; ifMatch?: string } = {},
): Promise<ScimResponse> {
  const request: ScimRequest = {
    method,
    resource,
    id,
    query: {},
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    body: parsedBody(body),
    baseUrl: 'https://scim.example.com/scim/v2',
  };
  const table = directory.table.with({ deadline: Date.now() + REQUEST_MS });
  const endpoint = resource === 'Users' ? usersEndpoint : groupsEndpoint;
  try {
    return await endpoint({ ...directory, table, registry: REGISTRY }, request);
  } catch (error) {
    return errorResponse(error, logger);
  }
}

export const patch = (...operations: JsonObject[]): JsonObject => ({
  schemas: [PATCH_OP],
  Operations: operations,
});

/** True for the answers that say "not now": nothing is known of the write then. */
export const isUnsettled = ({ status }: ScimResponse): boolean => status === 429 || status === 503;

/** An answer other than the one that a directory without faults gives, and other than "not now". */
export class WrongAnswer extends Error {
  constructor(what: string, { status, headers, body }: ScimResponse) {
    super(`${what}: ${status} ${JSON.stringify({ headers, detail: body?.detail })}`);
  }
}

/** The answer's status is what it should be, or "not now" with Retry-After in SCIM form. @throws WrongAnswer */
export function settle(what: string, response: ScimResponse, expected: number): boolean {
  if (response.status === expected) return true;
  const { headers = {}, body } = response;
  if (
    isUnsettled(response) &&
    /^[1-9]\d*$/.test(headers['Retry-After'] ?? '') &&
    body?.status !== undefined
  ) {
    return false;
  }
  throw new WrongAnswer(what, response);
}

/** A user as it has to be: what was acknowledged last, and what was asked for since without an answer. */
interface Expected {
  readonly id: string;
  readonly titles: string[];
  isDeleted: 'no' | 'maybe' | 'yes';
}

/**
 * One identity provider's work on people of its own and on a group that all share: creates, conditional changes,
 * memberships, deletions. What is acknowledged is written down, to be looked for afterwards.
 */
export class Workload {
  private readonly users: Expected[] = [];
  private readonly members = new Map<string, boolean | 'maybe'>();

  constructor(
    private readonly directory: Directory,
    private readonly groupId: string,
    private readonly name: string,
  ) {}

  /** Runs `people` lives. @throws WrongAnswer */
  async run(people: number): Promise<void> {
    for (let n = 0; n < people; n++) await this.live(`${this.name}-${n}`, n);
  }

  private async live(userName: string, n: number): Promise<void> {
    const body = { userName, title: 'first', emails: [{ value: `${userName}@example.com`, type: 'work' }] };
    const created = await send(this.directory, 'POST', 'Users', { body });
    if (!settle(`POST ${userName}`, created, 201)) return;
    const user: Expected = { id: String(created.body?.id), titles: ['first'], isDeleted: 'no' };
    this.users.push(user);
    await this.changeTitles(user, created.headers?.ETag);
    await this.changeMembership(user, 'add');
    if (n % 3 === 1) await this.changeMembership(user, 'remove');
    if (n % 3 === 2) await this.remove(user);
  }

  /**
   * Conditional changes one after the other: a write of one's own whose answer was lost must not look like somebody
   * else's (412).
   */
  private async changeTitles(user: Expected, etag: string | undefined): Promise<void> {
    let version = etag;
    for (const title of ['second', 'third']) {
      const body = patch({ op: 'replace', path: 'title', value: title });
      const changed = await send(this.directory, 'PATCH', 'Users', { id: user.id, body, ifMatch: version });
      if (!settle(`PATCH ${user.id}`, changed, 200)) {
        user.titles.push(title);
        return;
      }
      user.titles.splice(0, user.titles.length, title);
      version = changed.headers?.ETag;
    }
  }

  private async changeMembership({ id }: Expected, op: 'add' | 'remove'): Promise<void> {
    const body = patch({ op, path: 'members', value: [{ value: id }] });
    const answered = await send(this.directory, 'PATCH', 'Groups', { id: this.groupId, body });
    this.members.set(id, settle(`PATCH ${op} member`, answered, 204) ? op === 'add' : 'maybe');
  }

  private async remove(user: Expected): Promise<void> {
    const answered = await send(this.directory, 'DELETE', 'Users', { id: user.id });
    user.isDeleted = settle(`DELETE ${user.id}`, answered, 204) ? 'yes' : 'maybe';
  }

  /** What is not as acknowledged, on a directory without faults. */
  async differences(sound: Directory): Promise<string[]> {
    const found: string[] = [];
    await finishChange(sound, this.groupId);
    const group = await getGroup(sound, this.groupId);
    if (group === undefined) return ['the group is gone'];
    const memberIds = new Set((await membersOf(sound, group)).map(({ id }) => id));
    for (const { id, titles, isDeleted } of this.users) {
      const user = await getUser(sound, id);
      if (isDeleted !== 'maybe' && (user === undefined) !== (isDeleted === 'yes')) {
        found.push(`${id} is ${user === undefined ? 'gone' : 'there'}`);
      }
      if (user !== undefined && !titles.includes(String(user.attributes.title))) {
        found.push(`${id} has the title ${String(user.attributes.title)}, not ${titles.join(' or ')}`);
      }
      const owner =
        user === undefined ? undefined : await findUserId(sound, String(user.attributes.userName));
      if (owner !== user?.id) found.push(`the userName of ${id} leads to ${String(owner)}`);
      const isMember = this.members.get(id) ?? false;
      if (user === undefined) {
        if (memberIds.has(id)) found.push(`${id} is deleted and a member`);
      } else if (isMember !== 'maybe' && isMember !== memberIds.has(id)) {
        found.push(`${id} is ${isMember ? 'no' : 'a'} member`);
      }
    }
    return found;
  }

  /** How many lives went through without a "not now". */
  get acknowledged(): number {
    return this.users.length;
  }
}
