import { listOf, recordOf } from '../../local/json';
import { TokenIssuer } from '../../local/token-issuer';
import { createClient, trustIssuer } from '../../src/admin/clients';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { parseLocalRun } from '../../src/admin/local-run';
import { Playground } from '../../src/admin/playground/playground';
import { showTenant } from '../../src/admin/show-tenant';
import { createTenant } from '../../src/admin/tenants';
import { createToken, revokeToken } from '../../src/admin/tokens';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { SessionStore } from '../../src/sessions';
import { type Client, clientOf } from './client';
import { AUTHENTIK } from './identity-providers/authentik';
import { ENTRA_ID, ENTRA_ID_OPTSCIM } from './identity-providers/entra-id';
import { MAPPED_BY_DEFAULT, MAPPED_OF_GROUPS, pathsOf } from './identity-providers/entra-mappings';
import { VALIDATOR } from './identity-providers/entra-validator';
import { JUMPCLOUD } from './identity-providers/jumpcloud';
import { KEYCLOAK } from './identity-providers/keycloak';
import {
  ENTRA_DISABLES,
  ENTRA_GOES_ON,
  ENTRA_TAKES_OVER,
  OKTA_PROVISIONS,
  OKTA_UNASSIGNS,
} from './identity-providers/moves';
import { OKTA_CUSTOM, OKTA_OIN } from './identity-providers/okta';
import { ONELOGIN } from './identity-providers/onelogin';
import { PINGFEDERATE } from './identity-providers/pingfederate';
import { newSaved, replay } from './identity-providers/replay';
import { CORE_GROUP, CORE_USER, ENTERPRISE, type Step, type Trace } from './identity-providers/trace';
import { type LocalRun, startTestRun } from './local-run';

let run: LocalRun;
let deployment: Deployment;
beforeAll(async () => {
  run = await startTestRun();
  deployment = localDeployment(parseLocalRun(JSON.stringify({ ...run, apiGateway: run.services })));
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

describe('the playground', () => {
  const newPlayground = (of = deployment) =>
    new Playground(of, { tenantId: run.tenant, token: run.token, events: () => [] });

  /** How it stands with the user in the directory, and with their session. */
  type Standing = { readonly [Fact in 'givenName' | 'active' | 'groups' | 'session']?: unknown };
  /** What a step comes to; what it does not name stays. */
  const COMES_TO: Readonly<Record<string, Standing>> = {
    create: { givenName: 'Pat', active: true, groups: 0 },
    'sign-in': { session: true },
    change: { givenName: 'Patricia' },
    join: { groups: 1 },
    leave: { groups: 0 },
    deactivate: { active: false, session: false },
    reactivate: { active: true },
    'delete-group': { groups: 0 },
    delete: { givenName: undefined, active: undefined, groups: undefined },
  };

  // What an identity provider is not known to send is no step.
  test.each([
    ['entra', 'test create sign-in change group join leave deactivate reactivate delete-group delete'],
    ['okta', 'test match create sign-in change group join leave deactivate reactivate delete-group'],
    ['onelogin', 'test create sign-in change group join deactivate reactivate delete'],
    ['jumpcloud', 'test create sign-in change group join leave deactivate reactivate delete-group'],
    [
      'ping',
      'match create sign-in change match-group group join leave deactivate reactivate delete-group delete',
    ],
    ['keycloak', 'import create sign-in change group join leave deactivate reactivate delete-group delete'],
    ['authentik', 'test create sign-in change group join leave deactivate reactivate delete-group delete'],
  ])('as %s: %s', async (provider, story) => {
    const playground = newPlayground();
    const scim = clientOf(run.baseUrl, run.token);
    const standing = async (userId: string | undefined): Promise<Standing> => {
      const session = (await playground.feed()).session?.active;
      const { body, status } = await scim('GET', `/Users/${userId}`);
      if (status !== 200) return { session };
      const { name, active, groups } = body;
      return { givenName: recordOf(name).givenName, active, groups: listOf(groups).length, session };
    };
    const offered = playground.providers().find(({ id }) => id === provider);
    expect(offered?.steps.map(({ id }) => id).join(' ')).toBe(story);

    let expected: Standing = {};
    for (const step of story.split(' ')) {
      const { status, userId } = await playground.send(provider, step);
      expected = { ...expected, ...COMES_TO[step] };

      expect([step, status < 300, await standing(userId)]).toEqual([step, true, expected]);
    }
    // And once more, as somebody else.
    if (story.endsWith(' delete')) expect((await playground.send(provider, 'create')).status).toBe(201);
  });

  test('says what has to be there before, what there is not, and that nothing answers', async () => {
    const playground = newPlayground();

    await expect(playground.send('okta', 'join')).rejects.toThrow('Make the user first');
    await playground.send('okta', 'create');
    await expect(playground.send('okta', 'join')).rejects.toThrow('Make the group first');
    await expect(playground.send('okta', 'delete')).rejects.toThrow('Okta has no step "delete".');
    await expect(playground.send('google', 'create')).rejects.toThrow('Nobody plays "google" here.');
    await expect(
      newPlayground({ ...deployment, baseUrl: 'http://127.0.0.1:1' }).send('okta', 'test'),
    ).rejects.toThrow('Nothing answers at http://127.0.0.1:1/Users');
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
    await createTenant(deployment, { tenantId: 'gallery-secret', name: 'Gallery' });
    const { scim, seconds } = await oauthClient('gallery-secret', 'entra');

    expect(seconds / 60).toBeGreaterThanOrEqual(60);
    expect(seconds / 60).toBeLessThanOrEqual(360);
    expect((await scim('GET', '/Users')).status).toBe(200);
  });

  test('Federated_Identity_Test', async () => {
    const tenantId = 'gallery-federated';
    await createTenant(deployment, { tenantId, name: 'Gallery' });
    const issuer = await TokenIssuer.start();
    try {
      const { clientId } = await createClient(deployment, { tenantId, label: 'entra' });
      await trustIssuer(deployment, { tenantId, clientId, ...issuer.page, endSecrets: true });
      const { scim, seconds } = await granted({
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await issuer.assertion(),
      });

      expect(seconds / 60).toBeGreaterThanOrEqual(60);
      expect((await scim('GET', '/Users')).status).toBe(200);
    } finally {
      await issuer.stop();
    }
  });
});

/** A token for credentials: how long it lives, and what may be done with it. */
async function granted(credentials: Record<string, string>): Promise<{ scim: Client; seconds: number }> {
  const response = await fetch(run.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...credentials }),
  });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { readonly access_token: string; readonly expires_in: number };
  return { scim: clientOf(run.baseUrl, answer.access_token), seconds: answer.expires_in };
}

async function oauthClient(tenantId: string, label: string) {
  const { clientId, clientSecret } = await createClient(deployment, { tenantId, label });
  return granted({ client_id: clientId, client_secret: clientSecret });
}

// docs/moving.md
describe('a tenant that moves', () => {
  /** A tenant with people and a group of Okta's, who are logged in. */
  async function provisioned(tenantId: string) {
    await createTenant(deployment, { tenantId, name: tenantId });
    const okta = await createToken(deployment, { tenantId, label: 'okta' });
    const saved = newSaved();
    const plays = (client: Client, trace: Trace, steps: readonly Step[]) =>
      replay(client, trace, { steps }, saved);
    const byOkta = clientOf(run.baseUrl, okta.token);
    await plays(byOkta, OKTA_OIN, OKTA_PROVISIONS);
    const sessions = new SessionStore(deployment.table);
    const login = async (name: string) => {
      const { sessionToken } = await sessions.issue(readTenantId(tenantId), saved.get(name) ?? '');
      return async () => (await sessions.verify(sessionToken)).active;
    };
    return { okta, byOkta, plays, tove: await login('tove'), liv: await login('liv') };
  }

  test('from Okta to Entra ID keeps ids, members and sessions, and nobody is deactivated on the way', async () => {
    const tenantId = 'from-okta';
    const { okta, byOkta, plays, tove, liv } = await provisioned(tenantId);

    const { scim: byEntra } = await oauthClient(tenantId, 'entra');
    await plays(byEntra, ENTRA_ID, ENTRA_TAKES_OVER);
    expect((await byOkta('GET', '/Users?count=0')).status).toBe(200);
    await plays(byEntra, ENTRA_ID, ENTRA_GOES_ON);
    await revokeToken(deployment, { tenantId, tokenId: okta.tokenId });
    // Only now it is taken down in Okta, whose deactivations come too late.
    await plays(byOkta, OKTA_OIN, OKTA_UNASSIGNS);
    await plays(byEntra, ENTRA_ID, ENTRA_GOES_ON);

    expect([await tove(), await liv()]).toEqual([true, true]);
    // The connection's state is not looked at: Okta's late refusal may be in the log before what came last.
    const { counts, clients } = await showTenant(deployment, { tenantId });
    expect(counts).toEqual({ users: 2, groups: 1 });
    expect(clients).toMatchObject([{ label: 'entra', lastUsedAt: expect.any(String) }]);
    // And who leaves from now on leaves by Entra ID.
    await plays(byEntra, ENTRA_ID, ENTRA_DISABLES);
    expect([await tove(), await liv()]).toEqual([true, false]);
  });

  test('from a token to a client goes on with the same people, and the token is revoked last', async () => {
    const tenantId = 'from-token';
    const { plays, tove, liv } = await provisioned(tenantId);
    const token = await createToken(deployment, { tenantId, label: 'entra' });
    const byToken = clientOf(run.baseUrl, token.token);
    await plays(byToken, ENTRA_ID, ENTRA_TAKES_OVER);

    const { scim: byClient } = await oauthClient(tenantId, 'entra');
    await plays(byClient, ENTRA_ID, ENTRA_GOES_ON);
    await plays(byToken, ENTRA_ID, ENTRA_GOES_ON);
    await revokeToken(deployment, { tenantId, tokenId: token.tokenId });

    expect((await byToken('GET', '/Users?count=0')).status).toBe(401);
    await plays(byClient, ENTRA_ID, ENTRA_GOES_ON);
    expect([await tove(), await liv()]).toEqual([true, true]);
    await plays(byClient, ENTRA_ID, ENTRA_DISABLES);
    expect([await tove(), await liv()]).toEqual([true, false]);
  });
});
