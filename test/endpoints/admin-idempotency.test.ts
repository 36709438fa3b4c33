import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { Unavailable } from '../../src/directory/errors';
import { listClients } from '../../src/directory/tenants/clients';
import { listSetupLinks } from '../../src/directory/tenants/setup-links';
import { listTenants } from '../../src/directory/tenants/tenants';
import { listTokens } from '../../src/directory/tenants/tokens';
import { adminEndpoint } from '../../src/endpoints/admin/endpoint';
import type { AdminRequest } from '../../src/endpoints/admin/message';
import { problemOf } from '../../src/endpoints/admin/problem';
import { findingsIn, newWorld, type World, worldOf } from '../directory/crash-points/world';

/** Stands in for a function that dies. */
class Death extends Error {}

const DAY_S = 86_400;
let later = 0;
beforeEach(() => {
  const now = Date.now;
  later = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + later);
});
afterEach(() => void jest.restoreAllMocks());

const onTable = (world: World): Deployment => ({
  ...tableDeployment('http://memory.invalid', 'memory', 'grace'),
  table: world.table,
});
const post = (path: string, body: object, pathParameters: Record<string, string> = {}): AdminRequest => ({
  method: 'POST',
  path,
  pathParameters,
  query: {},
  headers: { 'content-type': 'application/json', 'idempotency-key': 'k-1' },
  body: JSON.stringify(body),
});
const ACME = { tenantId: 'acme' };

interface Making {
  readonly request: (world: World) => Promise<AdminRequest>;
  /** How many of what is made there are. */
  readonly count: (world: World) => Promise<number>;
  /** How many there are behind one request. */
  readonly expected: number;
}

const send = (world: World, request: AdminRequest) => adminEndpoint(onTable(world), request, () => {});

const tokens = async ({ table, tenant }: World) => (await listTokens(table, tenant)).length;
const secrets = async ({ table, tenant }: World) =>
  (await listClients(table, tenant)).flatMap((client) => Object.keys(client.secrets)).length;

const MAKING: Record<string, Making> = {
  'a tenant': {
    request: async () => post('/v1/tenants', { tenantId: 'globex', name: 'Globex' }),
    count: async ({ table }) => (await listTenants(table)).length,
    expected: 2,
  },
  'a token': {
    request: async () => post('/v1/tenants/{tenantId}/tokens', { label: 'entra' }, ACME),
    count: tokens,
    expected: 1,
  },
  "a token's successor": {
    request: async (world) => {
      const made = await send(world, {
        ...post('/v1/tenants/{tenantId}/tokens', { label: 'x' }, ACME),
        headers: JSON_ONLY,
      });
      const { tokenId } = made.body as { tokenId: string };
      return post(
        '/v1/tenants/{tenantId}/tokens/{tokenId}/rotate',
        { overlapSeconds: DAY_S },
        { ...ACME, tokenId },
      );
    },
    count: tokens,
    expected: 2,
  },
  'a client': {
    request: async () => post('/v1/tenants/{tenantId}/clients', { label: 'entra' }, ACME),
    count: secrets,
    expected: 1,
  },
  'a secret': {
    request: async (world) => {
      const made = await send(world, {
        ...post('/v1/tenants/{tenantId}/clients', { label: 'x' }, ACME),
        headers: JSON_ONLY,
      });
      const { clientId } = made.body as { clientId: string };
      return post('/v1/tenants/{tenantId}/clients/{clientId}/rotate', {}, { ...ACME, clientId });
    },
    count: secrets,
    expected: 2,
  },
  'a link to the set-up page': {
    request: async () => post('/v1/tenants/{tenantId}/setup-links', { for: 'IT of Acme' }, ACME),
    count: async ({ table, tenant }) => (await listSetupLinks(table, tenant, new Date())).length,
    expected: 1,
  },
};
const JSON_ONLY = { 'content-type': 'application/json' };

/** Carries the request out in a function that dies, or hears no answer, at one of its calls. */
async function attempt(
  world: World,
  request: AdminRequest,
  at: number,
  fault: 'dies before' | 'dies behind' | 'hears nothing of',
): Promise<{ readonly calls: number; readonly status?: number }> {
  let calls = 0;
  const mortal = worldOf(world.store, world.clock, async (_, answer) => {
    if (calls++ !== at) {
      if (calls > at + 1 && fault !== 'hears nothing of') throw new Death();
      return answer();
    }
    if (fault !== 'dies before') answer();
    throw fault === 'hears nothing of' ? new Unavailable('The directory is not reachable.', 0) : new Death();
  });
  try {
    const { status } = await adminEndpoint(onTable(mortal), request, () => {});
    return { calls, status };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined && !(error instanceof Death)) throw error;
    return { calls, status: problem?.status };
  }
}

test.each(
  Object.entries(MAKING).flatMap(([what, making]) =>
    (['dies before', 'dies behind', 'hears nothing of'] as const).map(
      (fault) => [what, fault, making] as const,
    ),
  ),
)(
  '%s is made once by a request that is repeated with its key, whichever call it %s',
  async (_, fault, making) => {
    const { request, count, expected } = making;
    let points = 0;
    for (let at = 0, isOver = false; !isOver; at++) {
      const world = await newWorld();
      const asked = await request(world);
      const first = await attempt(world, asked, at, fault);
      isOver = first.calls <= at;
      if (!isOver) points++;
      // Whoever has begun it is over by now.
      later += 61_000;

      const again = await send(world, asked).catch((error: unknown) => {
        const problem = problemOf(error);
        if (problem === undefined) throw error;
        return { status: problem.status, headers: {}, body: problem };
      });

      expect([at, await count(world)]).toEqual([at, expected]);
      expect([201, 409]).toContain(again.status);
      if (again.status === 409) expect(JSON.stringify(again.body)).toContain('secret-shown');
      expect(await findingsIn(world)).toEqual([]);
    }
    expect(points).toBeGreaterThanOrEqual(4);
  },
);
