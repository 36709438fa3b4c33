import { isJsonObject, type JsonObject } from '../../../scim/json';
import { type Check, fail, passed, skipped } from '../check';
import { expectStatus } from '../expectations';

const ANSWERED_WITHIN_MS = 10_000;

/** The documents by which a client finds the token endpoint, which a service has with a domain of its own. */
export const OAUTH: readonly Check[] = [
  {
    id: 'oauth.metadata',
    title: 'The domain tells where tokens are had (RFC 8414), and of which API they are (RFC 9728)',
    async run({ deployment, baseUrl, clientWith }) {
      const outputs = deployment.stack?.outputs;
      if (outputs?.get('DomainTarget') === undefined) return skipped('the service has no domain of its own');
      const { origin, pathname } = new URL(baseUrl);
      const stage = pathname.replace(/\/v2\/?$/, '');
      const issuer = `${origin}${stage}`;
      const resource = `${issuer}/v2`;
      const resourceMetadata = `${origin}/.well-known/oauth-protected-resource${stage}/v2`;
      await expectMembers(`${origin}/.well-known/oauth-authorization-server${stage}`, {
        issuer,
        token_endpoint: outputs.get('TokenUrl') ?? `${issuer}/oauth2/token`,
      });
      await expectMembers(resourceMetadata, { resource, authorization_servers: [issuer] });
      const refused = await clientWith(undefined).send('GET', '/Users?count=0');
      expectStatus(refused, 401);
      const challenge = String(refused.headers['www-authenticate']);
      if (!challenge.includes(`resource_metadata="${resourceMetadata}"`))
        fail(`WWW-Authenticate is ${challenge}; resource_metadata="${resourceMetadata}" is expected in it`);
      return passed(`${origin}/.well-known/…`);
    },
  },
];

/** @throws CheckFailed unless a URL answers a document with these members */
async function expectMembers(url: string, expected: JsonObject): Promise<void> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
  const text = await answer.text();
  if (answer.status !== 200) fail(`${url}: ${answer.status}, 200 is expected`);
  const document = parsed(text);
  if (document === undefined) fail(`${url} does not answer a JSON object`);
  for (const [name, value] of Object.entries(expected)) {
    const [found, wanted] = [JSON.stringify(document[name]), JSON.stringify(value)];
    if (found !== wanted) fail(`${url}: "${name}" is ${found}; ${wanted} is expected`);
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
