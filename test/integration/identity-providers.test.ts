import { type LocalRun, startLocal } from '../../local/run';
import { createClient } from '../../src/directory/tenants/clients';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { clientOf } from './client';
import { AUTHENTIK } from './identity-providers/authentik';
import { ENTRA_ID, ENTRA_ID_OPTSCIM } from './identity-providers/entra-id';
import { MAPPED_BY_DEFAULT, MAPPED_OF_GROUPS, pathsOf } from './identity-providers/entra-mappings';
import { VALIDATOR } from './identity-providers/entra-validator';
import { JUMPCLOUD } from './identity-providers/jumpcloud';
import { KEYCLOAK } from './identity-providers/keycloak';
import { OKTA_CUSTOM, OKTA_OIN } from './identity-providers/okta';
import { ONELOGIN } from './identity-providers/onelogin';
import { PINGFEDERATE } from './identity-providers/pingfederate';
import { replay } from './identity-providers/replay';
import { CORE_GROUP, CORE_USER, ENTERPRISE } from './identity-providers/trace';
import { tableOf } from './tenants';

let run: LocalRun;
beforeAll(async () => {
  run = await startLocal({ port: 0, memory: true });
});
afterAll(() => run?.stop());

describe.each([
  ENTRA_ID,
  ENTRA_ID_OPTSCIM,
  VALIDATOR,
  OKTA_OIN,
  OKTA_CUSTOM,
  ONELOGIN,
  JUMPCLOUD,
  AUTHENTIK,
  KEYCLOAK,
  PINGFEDERATE,
])('$client is answered as it needs', (trace) => {
  test.each(trace.scenarios)('$name', async (scenario) => {
    await replay(clientOf(run.baseUrl, run.token), trace, scenario);
  });
});

describe("Microsoft's validator, what is no exchange of SCIM messages alone", () => {
  test('Schema_Discoverability_Test', async () => {
    const { status, body } = await clientOf(run.baseUrl, run.token)('GET', '/Schemas');
    const known = (id: string) => pathsOf(body, id).map((path) => path.toLowerCase());
    const missing = (mapped: readonly string[], ...ids: string[]) =>
      mapped.filter((path) => !ids.flatMap(known).includes(path.toLowerCase()));

    expect(status).toBe(200);
    expect(missing(MAPPED_BY_DEFAULT, CORE_USER, ENTERPRISE)).toEqual([]);
    expect(missing(MAPPED_OF_GROUPS, CORE_GROUP)).toEqual([]);
    expect(missing(['shoeSize'], CORE_USER, ENTERPRISE)).toEqual(['shoeSize']);
  });

  test('Validate_Credentials_Test', async () => {
    const tenant = readTenantId('gallery');
    const table = tableOf(run);
    await createTenant(table, { tenantId: tenant, name: 'Gallery' });
    const expiresAt = new Date(Date.now() + 365 * 86_400_000);
    const { client, secret } = await createClient(table, {
      tenant,
      label: 'entra',
      scope: 'write',
      expiresAt,
    });
    const response = await fetch(run.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.tokenId,
        client_secret: secret,
      }),
    });
    const { access_token: token, expires_in: seconds } = (await response.json()) as {
      readonly access_token: string;
      readonly expires_in: number;
    };

    expect(response.status).toBe(200);
    expect(seconds / 60).toBeGreaterThanOrEqual(60);
    expect(seconds / 60).toBeLessThanOrEqual(360);
    expect((await clientOf(run.baseUrl, token)('GET', '/Users')).status).toBe(200);
  });
});
