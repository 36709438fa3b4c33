import type { Progress } from '../progress';
import { entraUser, userNameOf } from '../resources';
import type { Answer, Connections, Request } from './connections';

/** How large the customer is. */
export interface CycleSize {
  readonly users: number;
  readonly groups: number;
}

/** What came of one kind of request. */
export interface Phase {
  readonly name: string;
  readonly milliseconds: readonly number[];
  /** Wall-clock seconds of the phase. */
  readonly seconds: number;
  readonly errors: number;
}

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Requests of each kind that are sent once everybody is there. */
export const REQUESTS_WHEN_FULL = 400;

/** Number of requests of a cycle, for the progress. */
export const requestsOf = ({ users, groups }: CycleSize): number =>
  3 * users + 2 * groups + 5 * REQUESTS_WHEN_FULL;

/**
 * Entra ID's initial cycle: every user is sought by userName and created, every group is sought by displayName and created, every user is added to a group. Then, at full size, the requests of daily
 * operation.
 *
 * @returns one phase a kind of request, in the order of the cycle
 */
export async function runCycle(
  connections: Connections,
  size: CycleSize,
  progress: Progress,
): Promise<Phase[]> {
  const userIds: string[] = [];
  const groupIds: string[] = [];
  const numbers = Array.from({ length: size.users }, (_, n) => n);
  const groupNumbers = Array.from({ length: size.groups }, (_, n) => n);
  const some = Array.from({ length: REQUESTS_WHEN_FULL }, (_, n) => (n * 7919) % size.users);
  const phase = (name: string, inputs: readonly number[], requestOf: (n: number) => Request, take?: Take) =>
    measure(connections, name, inputs, requestOf, progress, take);

  return [
    await phase('filter userName, miss', numbers, (n) => usersNamed(userNameOf(n))),
    await phase(
      'create a user',
      numbers,
      (n) => ({ method: 'POST', path: '/Users', body: entraUser(n) }),
      (n, answer) => {
        userIds[n] = idIn(answer);
      },
    ),
    await phase('filter displayName, miss', groupNumbers, (n) => groupsNamed(`Group ${n}`)),
    await phase(
      'create a group',
      groupNumbers,
      (n) => ({ method: 'POST', path: '/Groups', body: { schemas: [GROUP_URN], displayName: `Group ${n}` } }),
      (n, answer) => {
        groupIds[n] = idIn(answer);
      },
    ),
    await phase('add a member', numbers, (n) => addMember(groupIds[n % size.groups] ?? '', userIds[n] ?? '')),
    await phase('full: filter userName, hit', some, (n) => usersNamed(userNameOf(n))),
    await phase('full: filter userName, miss', some, (n) => usersNamed(`nobody${n}@contoso.example`)),
    await phase('full: get a user', some, (n) => ({ method: 'GET', path: `/Users/${userIds[n]}` })),
    await phase('full: PATCH active', some, (n) =>
      patch(`/Users/${userIds[n]}`, { op: 'Replace', path: 'active', value: n % 2 === 0 }),
    ),
    await phase('full: list 10 users', some, () => ({ method: 'GET', path: '/Users?startIndex=1&count=10' })),
  ];
}

/** Requests that find nothing, before the clock runs: processes are started and code is compiled, here and at the peer. */
export async function warmUp(connections: Connections): Promise<void> {
  const numbers = Array.from({ length: REQUESTS_WHEN_FULL }, (_, n) => n);
  await connections.forEach(numbers, async (n) => {
    await connections.send(usersNamed(`early${n}@contoso.example`));
    await connections.send(groupsNamed(`Early ${n}`));
  });
}

type Take = (n: number, answer: Answer) => void;

async function measure(
  connections: Connections,
  name: string,
  inputs: readonly number[],
  requestOf: (n: number) => Request,
  progress: Progress,
  take: Take = () => {},
): Promise<Phase> {
  const milliseconds: number[] = [];
  let errors = 0;
  const started = performance.now();
  await connections.forEach(inputs, async (n) => {
    const answer = await connections.send(requestOf(n));
    milliseconds.push(answer.milliseconds);
    if (answer.status >= 400) {
      errors += 1;
      if (errors === 1) console.error(`\n${name}: ${answer.status} ${answer.body.slice(0, 300)}`);
    } else take(n, answer);
    progress.add(1);
  });
  return { name, milliseconds, seconds: (performance.now() - started) / 1_000, errors };
}

const usersNamed = (userName: string): Request => ({
  method: 'GET',
  path: `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
});

const groupsNamed = (displayName: string): Request => ({
  method: 'GET',
  path: `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`,
});

const patch = (path: string, operation: object): Request => ({
  method: 'PATCH',
  path,
  body: { schemas: [PATCH_OP], Operations: [operation] },
});

const addMember = (groupId: string, value: string): Request =>
  patch(`/Groups/${groupId}`, { op: 'Add', path: 'members', value: [{ value }] });

function idIn({ body }: Answer): string {
  const { id } = JSON.parse(body) as { id?: unknown };
  return String(id);
}
