import fc from 'fast-check';
import { DirectoryError } from '../../../src/directory/errors';
import { modifyGroup } from '../../../src/directory/groups/group-changes';
import { createGroup, deleteGroup } from '../../../src/directory/groups/groups';
import type { Directory } from '../../../src/directory/resources/directory';
import { tokenOrigin } from '../../../src/directory/resources/origin';
import { createUser, deleteUser, modifyUser } from '../../../src/directory/users/users';
import type { JsonObject } from '../../../src/scim/json';
import { serviceOf } from '../../../testing/service';
import { Crash } from '../../directory/crash-points/faults';

/** What a client does. Users and groups are meant by position among those that were ever created. */
export type Act =
  | { readonly act: 'create user'; readonly active: boolean }
  | { readonly act: 'change user'; readonly user: number; readonly active?: boolean }
  | { readonly act: 'delete user'; readonly user: number }
  | { readonly act: 'create group'; readonly members: readonly number[] }
  | { readonly act: 'rename group'; readonly group: number }
  | {
      readonly act: 'change members';
      readonly group: number;
      readonly add: number[];
      readonly remove: number[];
    }
  | { readonly act: 'replace members'; readonly group: number; readonly members: readonly number[] }
  | { readonly act: 'delete group'; readonly group: number }
  | { readonly act: 'bulk'; readonly hire: boolean; readonly user: number; readonly group: number };

const SCHEMAS = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  bulk: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
};

const position = fc.nat({ max: 6 });
const positions = fc.array(position, { maxLength: 5 });

/** One act; several requests are under way at once where a history has them side by side. */
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('create user' as const), active: fc.boolean() }),
  fc.record({
    act: fc.constant('change user' as const),
    user: position,
    active: fc.option(fc.boolean(), { nil: undefined }),
  }),
  fc.record({ act: fc.constant('delete user' as const), user: position }),
  fc.record({ act: fc.constant('create group' as const), members: positions }),
  fc.record({ act: fc.constant('rename group' as const), group: position }),
  fc.record({
    act: fc.constant('change members' as const),
    group: position,
    add: positions,
    remove: positions,
  }),
  fc.record({ act: fc.constant('replace members' as const), group: position, members: positions }),
  fc.record({ act: fc.constant('delete group' as const), group: position }),
  fc.record({ act: fc.constant('bulk' as const), hire: fc.boolean(), user: position, group: position }),
);

/** Rounds of requests; those of a round are under way at once. */
export const histories = fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), {
  minLength: 3,
  maxLength: 20,
});

/** No id of these is in a log, nor anything that contains it. */
export const MARK = 'Zx9Secret';

/** Carries acts out, each as a request of its own, and remembers what became of them. */
export class Client {
  readonly users: string[] = [];
  readonly groups: string[] = [];
  /** The requests that were answered with success and have written something, by request id. */
  readonly acknowledged = new Set<string>();
  /** The requests that were made at all. */
  readonly made = new Set<string>();

  /** @param directoryOf what a request works on; the requests are numbered */
  constructor(private readonly directoryOf: (request: number) => Directory) {}

  /** @param tokenId who does it. @returns when the request was answered, whatever the answer */
  async carryOut(act: Act, tokenId = 't'): Promise<void> {
    const requestId = `r${this.made.size}`;
    this.made.add(requestId);
    try {
      const directory = { ...this.directoryOf(this.made.size), origin: tokenOrigin(tokenId, requestId) };
      if (await this.send(directory, act, requestId)) this.acknowledged.add(requestId);
    } catch (error) {
      if (!(error instanceof DirectoryError) && !(error instanceof Crash)) throw error;
    }
  }

  private async send(directory: Directory, act: Act, requestId: string): Promise<boolean> {
    const idsOf = (members: readonly number[]) => members.map((member) => this.userAt(member));
    const set = (members: readonly number[]) => new Map(idsOf(members).map((id) => [id, {}]));
    switch (act.act) {
      case 'create user': {
        const attributes = { userName: `${MARK}${requestId}`, title: MARK, active: act.active };
        this.users.push((await createUser(directory, attributes)).id);
        return true;
      }
      case 'change user':
        await modifyUser(directory, this.userAt(act.user), (attributes) => ({
          ...attributes,
          title: `${MARK} ${requestId}`,
          active: act.active ?? attributes.active,
        }));
        return true;
      case 'delete user':
        await deleteUser(directory, this.userAt(act.user));
        return true;
      case 'create group': {
        const members = idsOf(act.members).map((id) => ({ id }));
        this.groups.push((await createGroup(directory, { displayName: `${MARK}${requestId}` }, members)).id);
        return true;
      }
      case 'rename group':
        await modifyGroup(
          directory,
          this.groupAt(act.group),
          () => ({ displayName: `${MARK}${requestId}` }),
          undefined,
        );
        return true;
      case 'change members':
        await modifyGroup(directory, this.groupAt(act.group), undefined, {
          base: 'keep',
          add: set(act.add),
          remove: new Set(idsOf(act.remove).filter((id) => !idsOf(act.add).includes(id))),
        });
        return true;
      case 'replace members':
        // Writes nothing when they are the members already.
        await modifyGroup(directory, this.groupAt(act.group), undefined, {
          base: 'clear',
          add: set(act.members),
          remove: new Set(),
        });
        return false;
      case 'delete group':
        await deleteGroup(directory, this.groupAt(act.group));
        return true;
      case 'bulk':
        return this.bulk(directory, act, requestId);
    }
  }

  /** All in one: a user who comes and joins a group, and another one who goes. */
  private async bulk(
    directory: Directory,
    { hire, user, group }: Act & { act: 'bulk' },
    requestId: string,
  ): Promise<boolean> {
    const attributes = { schemas: [SCHEMAS.user], userName: `${MARK}${requestId}`, title: MARK };
    const joins = { op: 'add', path: 'members', value: [{ value: hire ? 'bulkId:new' : this.userAt(user) }] };
    const goes = { op: 'replace', path: 'active', value: false };
    const patch = (path: string, operation: JsonObject) => ({
      method: 'PATCH',
      path,
      data: { schemas: [SCHEMAS.patch], Operations: [operation] },
    });
    const { status, body } = await serviceOf(directory).send('POST', '/Bulk', {
      schemas: [SCHEMAS.bulk],
      Operations: [
        ...(hire ? [{ method: 'POST', path: '/Users', bulkId: 'new', data: attributes }] : []),
        patch(`/Groups/${this.groupAt(group)}`, joins),
        patch(`/Users/${this.userAt(user)}`, goes),
      ],
    });
    const results = status === 200 ? (body?.Operations as JsonObject[]) : [];
    const made = results.find(({ method, status }) => method === 'POST' && status === '201');
    if (made !== undefined) this.users.push(String(made.location).split('/').at(-1) ?? '');
    // Whoever is inactive already is left as they are.
    return made !== undefined;
  }

  private userAt = (position: number): string => at(this.users, position);
  private groupAt = (position: number): string => at(this.groups, position);
}

const at = (ids: readonly string[], position: number): string =>
  ids[position % Math.max(1, ids.length)] ?? '00000000-0000-4000-8000-000000000000';
