import { randomUUID } from 'node:crypto';
import { cleanUp } from '../../src/directory/pending/cleanup';
import { LATE_WRITES_MS } from '../../src/directory/resources/late-writes';
import type { ResourceId } from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import type { JsonObject } from '../../src/scim/json';
import { type CostBench, type Operation, patchBody, send, sendInVain } from './operation';
import {
  externalIdOf,
  newGroup,
  newUser,
  TYPICAL_USER,
  type UserSize,
  userBody,
  userNameOf,
} from './resources';

async function newUserInGroups(bench: CostBench, size: UserSize, groups: number) {
  const user = await newUser(bench, size);
  for (let i = 0; i < groups; i++) await newGroup(bench, [user.id]);
  return user;
}

/** The write units of a user's item alone. */
const writesOf = ({ bytes }: UserSize) => Math.ceil(bytes / 1_024);

/** What `/Users` is asked by identity providers, for users of one size. */
export function userOperations(size: UserSize): Operation[] {
  const w = writesOf(size);
  const row = (
    name: string,
    floor: Operation['floor'],
    [read, write, roundTrips]: readonly [number, number, number],
    prepare: Operation['prepare'],
  ): Operation => ({
    name: `${name}, user of ${size.label}`,
    floor,
    plan: { read, write, roundTrips },
    prepare,
  });
  const patchRow = (
    name: string,
    plan: readonly [number, number, number],
    body: (n: number) => JsonObject,
    floor: Operation['floor'] = { read: 1, write: 1 },
  ) =>
    row(name, floor, plan, async (bench) => {
      const { id, n } = await newUser(bench, size);
      return () => send(bench, 'PATCH', 'Users', { id, body: body(n) });
    });
  const filterRow = (
    name: string,
    floor: number,
    plan: readonly [number, number, number],
    filter: (n: number) => string,
    groups = 0,
  ) =>
    row(name, { read: floor, write: 0 }, plan, async (bench) => {
      const { n } = await newUserInGroups(bench, size, groups);
      return () => send(bench, 'GET', 'Users', { query: { filter: filter(n) } });
    });
  return [
    row('Entra, Okta: create', { read: 0, write: 4 }, [0, 10 + 2 * w, 1], async (bench) => {
      const body = userBody(bench.next(), size);
      return () => send(bench, 'POST', 'Users', { body });
    }),
    row(
      'create as an operation of a Bulk request',
      { read: 0, write: 4 },
      [0, 12 + 2 * w, 1],
      async (bench) => {
        const body = userBody(bench.next(), size);
        const newId = randomUUID() as ResourceId;
        return () => send(bench, 'POST', 'Users', { newId, body });
      },
    ),
    row('Entra, Okta: get by id, without groups', { read: 0.5, write: 0 }, [1.5, 0, 1], async (bench) => {
      const { id } = await newUser(bench, size);
      return () => send(bench, 'GET', 'Users', { id });
    }),
    row('get by id, excludedAttributes=groups', { read: 0.5, write: 0 }, [1, 0, 1], async (bench) => {
      const { id } = await newUserInGroups(bench, size, 5);
      return () => send(bench, 'GET', 'Users', { id, query: { excludedAttributes: 'groups' } });
    }),
    row('get by id, in 5 groups', { read: 0.5, write: 0 }, [4, 0, 2], async (bench) => {
      const { id } = await newUserInGroups(bench, size, 5);
      return () => send(bench, 'GET', 'Users', { id });
    }),
    filterRow('Entra, Okta: userName eq, hit', 2, [2.5, 0, 2], (n) => `userName eq "${userNameOf(n)}"`),
    filterRow(
      'Entra, Okta: userName eq, hit, in 5 groups',
      2,
      [5, 0, 3],
      (n) => `userName eq "${userNameOf(n)}"`,
      5,
    ),
    filterRow('userName sw, hit', 2, [2.5, 0, 2], (n) => `userName sw "${userNameOf(n).slice(0, -1)}"`),
    filterRow('Entra: externalId eq, hit', 2, [2.5, 0, 2], (n) => `externalId eq "${externalIdOf(n)}"`),
    filterRow(
      'Entra: emails[type eq "work"].value eq, hit',
      2,
      [2.5, 0, 2],
      (n) => `emails[type eq "work"].value eq "${userNameOf(n)}"`,
    ),
    patchRow('Entra: PATCH displayName', [1, 2 * w + 4, 2], () =>
      patchBody({ op: 'Replace', path: 'displayName', value: 'Adele V.' }),
    ),
    patchRow('Entra: PATCH active "False" (deactivate)', [1, 1 + w, 2], () =>
      patchBody({ op: 'Replace', path: 'active', value: 'False' }),
    ),
    patchRow('Okta: PATCH {active: false} (deactivate)', [1, 1 + w, 2], () =>
      patchBody({ op: 'replace', value: { active: false } }),
    ),
    patchRow(
      'Entra: PATCH that changes nothing',
      [2, 0, 2],
      () => patchBody({ op: 'Replace', path: 'displayName', value: 'Adele Vance' }),
      { read: 1, write: 0 },
    ),
    patchRow(
      'Entra: PATCH e-mail address',
      [1, 2 * w + 4, 2],
      (n) => patchBody({ op: 'Replace', path: 'emails[type eq "work"].value', value: `a${userNameOf(n)}` }),
      { read: 1, write: 4 },
    ),
    patchRow(
      'Entra: rename (userName and e-mail address)',
      [1, 2 * w + 8, 2],
      (n) =>
        patchBody(
          { op: 'Replace', path: 'userName', value: `b${userNameOf(n)}` },
          { op: 'Replace', path: 'emails[type eq "work"].value', value: `b${userNameOf(n)}` },
        ),
      { read: 1, write: 6 },
    ),
    row('Okta: PUT profile', { read: 1, write: 1 }, [1, 2 * w + 4, 2], async (bench) => {
      const { id, n } = await newUser(bench, size);
      const body = { ...userBody(n, size), id, displayName: 'Adele V.' };
      return () => send(bench, 'PUT', 'Users', { id, body });
    }),
    row('Okta: PUT active false (deactivate)', { read: 1, write: 1 }, [1, 1 + w, 2], async (bench) => {
      const { id, n } = await newUser(bench, size);
      const body = { ...userBody(n, size), id, active: false };
      return () => send(bench, 'PUT', 'Users', { id, body });
    }),
    row('Entra: DELETE, without groups', { read: 1, write: 4 }, [1, 12 + 4 * w, 2], async (bench) => {
      const { id } = await newUser(bench, size);
      return () => send(bench, 'DELETE', 'Users', { id });
    }),
    row('Entra: DELETE, in 5 groups', { read: 1, write: 14 }, [1, 14 + 4 * w + 5 * 6, 2], async (bench) => {
      const { id } = await newUserInGroups(bench, size, 5);
      return () => send(bench, 'DELETE', 'Users', { id });
    }),
  ];
}

const wantingBack = (bench: CostBench): CostBench => ({
  ...bench,
  directory: {
    ...bench.directory,
    settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' },
  },
});

/** The same for a tenant that wants deleted users back by their externalId, where it costs something else. */
export const REPROVISION_OPERATIONS: readonly Operation[] = [
  {
    name: `reprovision: create whom nobody was, user of ${TYPICAL_USER.label}`,
    plan: { read: 1, write: 12, roundTrips: 2 },
    prepare: async (bench) => {
      const body = userBody(bench.next(), TYPICAL_USER);
      return () => send(wantingBack(bench), 'POST', 'Users', { body });
    },
  },
  {
    name: `reprovision: create who was deleted, user of ${TYPICAL_USER.label}`,
    plan: { read: 68.5, write: 22, roundTrips: 6 },
    prepare: async (bench) => {
      const { id, n } = await newUser(bench, TYPICAL_USER);
      await send(wantingBack(bench), 'DELETE', 'Users', { id });
      // Within the minute until the cleaner is done, all groups are looked at for a membership the index does not know.
      const now = () => new Date(Date.now() + LATE_WRITES_MS);
      await cleanUp({ ...bench.directory, now }, 'User', id);
      return () => send(wantingBack(bench), 'POST', 'Users', { body: userBody(n, TYPICAL_USER) });
    },
  },
  {
    name: `reprovision: DELETE, without groups, user of ${TYPICAL_USER.label}`,
    plan: { read: 1, write: 18, roundTrips: 2 },
    prepare: async (bench) => {
      const { id } = await newUser(bench, TYPICAL_USER);
      return () => send(wantingBack(bench), 'DELETE', 'Users', { id });
    },
  },
];

/** Questions whose answer is that there is nobody. */
export const ABSENT_USER_OPERATIONS: readonly Operation[] = [
  {
    name: 'Entra, Okta: userName eq, miss',
    floor: { read: 1, write: 0 },
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => () =>
      send(bench, 'GET', 'Users', { query: { filter: 'userName eq "nobody@contoso.example"' } }),
  },
  {
    name: 'Entra: externalId eq, miss',
    floor: { read: 1, write: 0 },
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => () =>
      send(bench, 'GET', 'Users', { query: { filter: 'externalId eq "nobody"' } }),
  },
  {
    name: 'Entra: get by id, 404',
    floor: { read: 0.5, write: 0 },
    plan: { read: 1.5, write: 0, roundTrips: 1 },
    prepare: async (bench) => () =>
      sendInVain(bench, 'GET', 'Users', { id: '00000000-0000-4000-8000-000000000000' }),
  },
];
