import { TokenIssuer } from '../../local/token-issuer';
import { setTrust } from '../../src/directory/tenants/client-trust';
import { createClient } from '../../src/directory/tenants/clients';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { grantToken } from '../../src/oauth/grant';
import { IssuerKeys } from '../../src/oauth/issuer-keys';
import type { ClientCredentials } from '../../src/oauth/token-request';
import type { CostBench, Operation } from './operation';

const YEAR_MS = 365 * 86_400_000;

/** What OAuth clients cost: their access tokens, and the requests that they send with them. */
export const OAUTH_OPERATIONS: readonly Operation[] = [
  {
    name: 'OAuth: a token for a secret, first in five minutes',
    // The client; the token, and the use of the secret.
    plan: { read: 1, write: 2, roundTrips: 3 },
    prepare: async (bench) => {
      const { clientId, secret } = await newClient(bench);
      return () => grant(bench, { clientId, secret });
    },
  },
  {
    name: 'OAuth: a token for a secret, again',
    plan: { read: 1, write: 1, roundTrips: 2 },
    prepare: async (bench) => {
      const { clientId, secret } = await newClient(bench);
      await grant(bench, { clientId, secret });
      return () => grant(bench, { clientId, secret });
    },
  },
  {
    name: 'OAuth: a token for an assertion, the keys known to the instance',
    plan: { read: 1, write: 2, roundTrips: 3 },
    prepare: async (bench) => {
      const { keys, ask } = await newTrust(bench);
      // Another client that trusts the same issuer.
      await (await newTrust(bench)).ask(keys);
      return () => ask(keys);
    },
  },
  {
    name: 'OAuth: a token for an assertion, the keys in the table',
    plan: { read: 2, write: 2, roundTrips: 4 },
    prepare: async (bench) => {
      const { keys, ask } = await newTrust(bench);
      await (await newTrust(bench)).ask(keys);
      return () => ask();
    },
  },
  {
    name: 'OAuth: a token for an assertion, the keys fetched from the issuer',
    // One conditional write decides who asks the issuer.
    plan: { read: 2, write: 4, roundTrips: 6 },
    prepare: async (bench) => {
      const { ask } = await newTrust(bench, `https://issuer.example/${bench.next()}`);
      return () => ask();
    },
  },
  {
    name: 'authorize with an access token, not cached',
    plan: { read: 2, write: 0, roundTrips: 2 },
    prepare: async (bench) => {
      const { clientId, secret } = await newClient(bench);
      const { accessToken } = await grant(bench, { clientId, secret });
      await authorize(bench, accessToken);
      return () => authorize(bench, accessToken);
    },
  },
];

async function newClient({ table, directory, next }: CostBench) {
  const now = directory.now();
  const tenant = readTenantId(`oauth-${next()}`);
  await createTenant(table, { tenantId: tenant, name: 'Tenant', now });
  const expiresAt = new Date(now.getTime() + YEAR_MS);
  const { client, secret } = await createClient(table, {
    tenant,
    label: 'entra',
    scope: 'write',
    expiresAt,
    now,
  });
  return { tenant, clientId: client.tokenId, secret };
}

let issuer: Promise<TokenIssuer> | undefined;
/** One that signs, and is asked for its keys without HTTP. */
async function issuerWithoutServer(): Promise<TokenIssuer> {
  const started = await TokenIssuer.start();
  await started.stop();
  return started;
}

async function newTrust(bench: CostBench, jwks = 'https://issuer.example/keys') {
  issuer ??= issuerWithoutServer();
  const { page, ...signing } = { page: (await issuer).page, issuer: await issuer };
  const { tenant, clientId } = await newClient(bench);
  const now = bench.directory.now();
  await setTrust(bench.table, tenant, clientId, { trust: { ...page, jwks }, endsSecrets: true, now });
  const assertion = await signing.issuer.assertion({}, {}, now);
  const newInstance = () => new IssuerKeys(async () => signing.issuer.jwks());
  return {
    keys: newInstance(),
    ask: (keys = newInstance()) => grant(bench, { clientId, assertion }, keys),
  };
}

const NO_KEYS = new IssuerKeys(() => {
  throw new Error('A secret needs no keys.');
});

const grant = ({ table, directory }: CostBench, credentials: ClientCredentials, keys = NO_KEYS) =>
  grantToken(
    table,
    { ...credentials, scope: undefined },
    {
      ...{ lifeSeconds: 3_600, requestId: 'request', now: directory.now(), keys },
      onUseUnrecorded: (error) => {
        throw error;
      },
    },
  );

async function authorize({ table, directory }: CostBench, text: string): Promise<void> {
  const check = await findToken(table, text, directory.now());
  if (check.outcome !== 'live') throw new Error(`The token is ${check.outcome}.`);
  await recordTokenUse(table, text, check.token, directory.now());
}
