import { randomUUID } from 'node:crypto';
import { tokenKey } from '../directory/table/keys';
import { hashToken } from '../directory/tenants/token-format';
import type { Trust } from '../directory/tenants/trust';
import { isJsonObject, type JsonObject } from '../scim/json';
import { type CreatedClient, createClient, revokeClient, rotateClient, trustIssuer } from './clients';
import { type DemonstratedStep, demonstratedSteps } from './demonstrated-steps';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { readLog } from './log';

/** An issuer of assertions, as Entra ID is one. */
export interface DemonstratedIssuer {
  readonly page: Trust;
  assertion(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** What was shown: what was asked, with the status and the body of each answer. No credential stands in them. */
export interface OAuthDemonstration {
  readonly steps: readonly DemonstratedStep[];
  /** Steps whose answer had another status than it should. */
  readonly unexpected: readonly string[];
}

/** What is answered, as HTTP has it. */
interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

type Parameters = Readonly<Record<string, string>>;

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Tokens, secrets and assertions. */
const CREDENTIAL = /\b(scim(?:secret)?_)[0-9A-Za-z_]{40,}|\beyJ[\w.-]{40,}/g;
const MAX_SHOWN = 400;

/**
 * Plays the life of an Entra ID with OAuth: tokens by each way of sending credentials, the connection's test, an
 * initial cycle with a token that ends in the middle, a rotated secret, assertions in place of secrets, a revoked
 * client.
 *
 * @throws AdminError unsupported for a table alone, failed when an answer is not JSON
 */
export async function demonstrateOAuth(
  deployment: Deployment,
  { tenantId, issuer }: { readonly tenantId: string; readonly issuer: DemonstratedIssuer },
): Promise<OAuthDemonstration> {
  const { baseUrl } = deployment;
  if (baseUrl === undefined)
    throw new AdminError('unsupported', 'Nobody answers requests for a table alone.');
  const { steps, timed } = demonstratedSteps();
  const unexpected: string[] = [];
  const step = async (name: string, expected: number, work: () => Promise<Answer>): Promise<Answer> => {
    const answer = await timed(name, work, shown);
    if (answer.status !== expected) unexpected.push(`${name}: ${answer.status} in place of ${expected}`);
    return answer;
  };
  const client = await createClient(deployment, { tenantId, label: 'entra-demo' });
  const token = (credentials: Credentials) => askToken(client, credentials);
  const scim = (access: Answer, method: string, path: string, body?: JsonObject) =>
    send(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${String(access.body.access_token)}`,
        'content-type': 'application/scim+json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  const { inHeader, inBody } = withSecret(client);
  await step('token: credentials in the header', 200, () => token({ headers: inHeader }));
  await step('token: in the body', 200, () => token({ form: inBody }));
  await step('token: in both', 200, () => token({ headers: inHeader, form: inBody }));
  const first = await step('token: in the header, the id and a scope in the body', 200, () =>
    token({ headers: inHeader, form: { client_id: client.clientId, scope: 'scim' } }),
  );

  for (const type of ['Users', 'Groups'])
    await step(`test connection: GET /${type}, a random id`, 200, () =>
      scim(first, 'GET', `/${type}?filter=externalId eq "${randomUUID()}"`),
    );

  let access = first;
  const run = randomUUID().slice(0, 8);
  const members: JsonObject[] = [];
  for (const name of ['ann', 'bob', 'cid']) {
    const userName = `${name}-${run}@example.com`;
    const find = () => scim(access, 'GET', `/Users?filter=userName eq "${userName}"`);
    if (name === 'cid') {
      await endToken(deployment, access);
      await step('initial cycle: the token has ended in the middle', 401, find);
      access = await step('token: a new one', 200, () => token({ form: inBody }));
    }
    await step(`initial cycle: GET /Users, ${name}`, 200, find);
    const { body } = await step(`initial cycle: POST /Users, ${name}`, 201, () =>
      scim(access, 'POST', '/Users', { schemas: [USER], userName, active: true }),
    );
    members.push({ value: String(body.id) });
  }
  await step('initial cycle: POST /Groups with the three', 201, () =>
    scim(access, 'POST', '/Groups', { displayName: `Demo ${run}`, members }),
  );

  const rotated = await rotateClient(deployment, { tenantId, clientId: client.clientId, overlapMs: 0 });
  await step('the secret was rotated without an overlap: token with the old one', 401, () =>
    token({ form: inBody }),
  );
  await step('token with the new one', 200, () => token({ form: withSecret(rotated).inBody }));
  await step('the token from before goes on', 200, () => scim(access, 'GET', '/Users?count=0'));

  const trust = { tenantId, clientId: client.clientId, ...issuer.page };
  await trustIssuer(deployment, { ...trust, audience: `${issuer.page.audience}/.default`, endSecrets: true });
  const asserted = async () => ({
    form: {
      client_id: client.clientId,
      client_assertion_type: JWT_BEARER,
      client_assertion: await issuer.assertion(),
    },
  });
  await step('federation: an audience in another form than was entered', 401, async () =>
    token(await asserted()),
  );
  const reason = await timed(
    'what the log says',
    () => reasonInLog(deployment, tenantId, client.clientId),
    (detail) => detail ?? 'nothing',
  );
  if (reason === undefined) unexpected.push('The log has no reason.');
  await trustIssuer(deployment, trust);
  const federated = await step('federation: with the audience that came', 200, async () =>
    token(await asserted()),
  );
  await step('a request with that token', 200, () => scim(federated, 'GET', '/Users?count=0'));
  await step('a secret, which was ended', 401, () => token({ form: withSecret(rotated).inBody }));

  await revokeClient(deployment, { tenantId, clientId: client.clientId });
  await step('the client was revoked: a request with its token', 401, () =>
    scim(federated, 'GET', '/Users?count=0'),
  );
  await step('token with an assertion', 401, async () => token(await asserted()));
  return { steps, unexpected };
}

/** What the log says of the client's assertion that was refused for its audience. */
async function reasonInLog(
  deployment: Deployment,
  tenantId: string,
  clientId: string,
): Promise<string | undefined> {
  const { entries } = await readLog(deployment, { tenantId, actor: `client:${clientId}`, failed: true });
  return entries.findLast(({ detail = '' }) => detail.includes('aud'))?.detail;
}

interface Credentials {
  readonly headers?: Parameters;
  readonly form?: Parameters;
}

/** The ways of sending an id and a secret. */
function withSecret({ clientId, clientSecret }: CreatedClient): { inHeader: Parameters; inBody: Parameters } {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return {
    inHeader: { authorization: `Basic ${basic}` },
    inBody: { client_id: clientId, client_secret: clientSecret },
  };
}

const askToken = (
  { tokenUrl = '' }: CreatedClient,
  { headers = {}, form = {} }: Credentials,
): Promise<Answer> =>
  send(tokenUrl, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });

/** Lets an access token end now, as it would within the hour. */
async function endToken({ table, flushAuthorizerCache }: Deployment, { body }: Answer): Promise<void> {
  await table.write({
    kind: 'update',
    key: tokenKey(hashToken(String(body.access_token))),
    update: 'SET expiresAt = :now',
    values: { ':now': Math.floor(Date.now() / 1000) },
    condition: { expression: 'attribute_exists(pk)' },
  });
  // The gateway has its answer for five minutes.
  await flushAuthorizerCache();
}

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const body: unknown = JSON.parse(await response.text());
  if (!isJsonObject(body)) throw new AdminError('failed', `${url} answered what is not a JSON object.`);
  return { status: response.status, body };
}

/** A status and a body, without what nobody else may know. */
function shown({ status, body }: Answer): string {
  const text = JSON.stringify(body).replace(CREDENTIAL, (_credential, prefix = '') => `${prefix}…`);
  return `${status} ${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}`;
}
