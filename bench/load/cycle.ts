import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../progress';
import { userNameOf } from '../resources';
import type { Answer, Connections, Request } from './connections';
import { type CpuMeter, combined, joined, measure, type Phase, type Step, type Take } from './measure';
import {
  addMember,
  createGroup,
  createUser,
  getUser,
  groupsNamed,
  LIST,
  rename,
  setActive,
  usersNamed,
} from './requests';

/** How large the customer is. */
export interface CycleSize {
  readonly users: number;
  readonly groups: number;
}

/**
 * Requests of each kind of daily operation, and the seconds after which no more of them are sent: a server may take
 * seconds for each.
 */
const DAILY_REQUESTS = 400;
const DAILY_SECONDS = 20;
/**
 * A small directory is filled again until so many users have been created, since a phase of a quarter of a second says
 * little.
 */
const LEAST_CREATED = 1_000;
/** A server that uses less of a core is done with the work of earlier requests. */
const IDLE_SHARE = 0.1;
const SETTLING_STEP_MS = 300;
const MAX_SETTLING_MS = 15_000;
/** The warm-up creates so many users, a few in each directory: a server may take long to list many. */
export const WARM_UP_USERS = 3_000;
const WARM_UP_USERS_A_DIRECTORY = 40;

const roundsOf = ({ users }: CycleSize): number => Math.max(1, Math.ceil(LEAST_CREATED / users));

/** Number of requests of all rounds, for the progress. */
export const requestsOf = (size: CycleSize): number =>
  roundsOf(size) * (3 * size.users + 2 * size.groups) + 6 * DAILY_REQUESTS;

/** Makes requests go to an empty directory, whatever was made in the one before. */
export type Renew = (made: Directory) => Promise<void>;

/**
 * Entra ID's initial cycle: every user is sought by userName and created, every group is sought by displayName and
 * created, every user is added to a group. Then, at full size, the requests of daily operation. A small directory is
 * filled several times.
 *
 * @param connections to a directory that is empty
 * @returns one phase a kind of request, in the order of the cycle
 */
export async function runCycle(
  connections: Connections,
  size: CycleSize,
  { progress, meter, renew }: { progress: Progress; meter: CpuMeter; renew: Renew },
): Promise<Phase[]> {
  const rounds = roundsOf(size);
  let phases: readonly Phase[] = [];
  let directory: Directory = { userIds: [], groupIds: [] };
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) await renew(directory);
    const filled = await fill(connections, size, progress, meter);
    phases = filled.phases.map((phase, position) => joined(phase, phases[position]));
    directory = filled.directory;
  }
  return [...phases, ...(await daily(connections, directory.userIds, progress, meter))];
}

/** Who was created. */
export interface Directory {
  readonly userIds: readonly string[];
  readonly groupIds: readonly string[];
}

async function fill(
  connections: Connections,
  size: CycleSize,
  progress: Progress,
  meter: CpuMeter,
): Promise<{ readonly directory: Directory; readonly phases: readonly Phase[] }> {
  const userIds: string[] = [];
  const groupIds: string[] = [];
  const users = Array.from({ length: size.users }, (_, n) => n);
  const groups = Array.from({ length: size.groups }, (_, n) => n);
  const created = await measure(connections, progress, meter, users, [
    { name: 'filter userName, miss', requestOf: (n) => usersNamed(userNameOf(n)) },
    { name: 'create a user', requestOf: createUser, take: keepIds(userIds) },
  ]);
  const grouped = await measure(connections, progress, meter, groups, [
    { name: 'filter displayName, miss', requestOf: (n) => groupsNamed(`Group ${n}`) },
    { name: 'create a group', requestOf: (n) => createGroup(`Group ${n}`), take: keepIds(groupIds) },
  ]);
  const added = await measure(connections, progress, meter, users, [
    {
      name: 'add a member',
      requestOf: (n) => addMember(groupIds[n % size.groups] ?? '', userIds[n] ?? ''),
    },
  ]);
  return { directory: { userIds, groupIds }, phases: [...created, ...grouped, ...added] };
}

async function daily(
  connections: Connections,
  userIds: readonly string[],
  progress: Progress,
  meter: CpuMeter,
): Promise<Phase[]> {
  const inputs = Array.from({ length: DAILY_REQUESTS }, (_, n) => (n * 7919) % userIds.length);
  // A PATCH that changes nothing costs less, so each has a new value.
  const names = numbersFrom(1);
  const inactive = new Set<number>();
  const flipped = (n: number): boolean => {
    if (inactive.delete(n)) return true;
    inactive.add(n);
    return false;
  };
  const steps: readonly Step[] = [
    { name: 'full: filter userName, hit', requestOf: (n) => usersNamed(userNameOf(n)) },
    { name: 'full: filter userName, miss', requestOf: (n) => usersNamed(`nobody${n}@contoso.example`) },
    { name: 'full: get a user', requestOf: (n) => getUser(userIds[n] ?? '') },
    {
      name: 'full: PATCH displayName',
      requestOf: (n) => rename(userIds[n] ?? '', `Adele ${names.next().value}`),
    },
    { name: 'full: PATCH active', requestOf: (n) => setActive(userIds[n] ?? '', flipped(n)) },
    { name: 'full: list 10 users', requestOf: () => LIST },
  ];
  const phases: Phase[] = [];
  for (const step of steps) {
    await settled(meter);
    phases.push(...(await measure(connections, progress, meter, inputs, [step], DAILY_SECONDS)));
  }
  return phases;
}

/** Waits until the server has done what it does behind the answers of earlier requests. */
async function settled(meter: CpuMeter): Promise<void> {
  const giveUpAt = performance.now() + MAX_SETTLING_MS;
  let before = meter();
  while (before !== undefined && performance.now() < giveUpAt) {
    await delay(SETTLING_STEP_MS);
    const after = meter();
    const used = combined(after, before, (later, earlier) => later - earlier);
    if (used === undefined || used.server + used.functions + used.database < IDLE_SHARE * SETTLING_STEP_MS)
      return;
    before = after;
  }
}

/** Removes everybody from a server that has no other directory. */
export async function empty(connections: Connections, { userIds, groupIds }: Directory): Promise<void> {
  const paths = [...groupIds.map((id) => `/Groups/${id}`), ...userIds.map((id) => `/Users/${id}`)];
  await connections.forEach(paths, async (path) => {
    await connections.send({ method: 'DELETE', path });
  });
}

/**
 * Sends every kind of request in directories that are not measured, before the clock runs, and leaves an empty one:
 * processes are started and code is compiled, here and at the peer. A server that has run for a minute is what an
 * identity provider meets.
 */
export async function warmUp(connections: Connections, progress: Progress, renew: Renew): Promise<void> {
  for (let from = 0; from < WARM_UP_USERS; from += WARM_UP_USERS_A_DIRECTORY) {
    const made: { userIds: string[]; groupIds: string[] } = { userIds: [], groupIds: [] };
    const users = Array.from({ length: WARM_UP_USERS_A_DIRECTORY }, (_, n) => n);
    await connections.forEach(users, async (n) => {
      progress.add(1);
      const { userId, groupId } = await sendEveryKind(connections, n);
      made.userIds.push(userId);
      made.groupIds.push(groupId);
    });
    await renew(made);
  }
}

async function sendEveryKind(
  connections: Connections,
  n: number,
): Promise<{ userId: string; groupId: string }> {
  const send = (request: Request) => connections.send(request);
  await send(usersNamed(userNameOf(n)));
  const userId = idIn(await send(createUser(n)));
  await send(groupsNamed(`Group ${n}`));
  const groupId = idIn(await send(createGroup(`Group ${n}`)));
  await send(addMember(groupId, userId));
  await send(usersNamed(userNameOf(n)));
  await send(getUser(userId));
  await send(rename(userId, 'Early'));
  await send(setActive(userId, false));
  await send(LIST);
  return { userId, groupId };
}

function* numbersFrom(first: number): Generator<number, never> {
  for (let number = first; ; number++) yield number;
}

const keepIds =
  (ids: string[]): Take =>
  (n, answer) => {
    ids[n] = idIn(answer);
  };

/** @throws Error with the answer when nothing was created: what follows would be about nobody */
function idIn({ status, body }: Answer): string {
  if (status >= 400) throw new Error(`Nothing was created: ${status} ${body.slice(0, 300)}`);
  const { id } = JSON.parse(body) as { id?: unknown };
  return String(id);
}
