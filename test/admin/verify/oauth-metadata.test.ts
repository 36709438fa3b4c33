import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oauthMetadata } from '../../../lib/oauth-metadata';
import { CheckFailed, type VerifyContext } from '../../../src/admin/verify/check';
import { OAUTH } from '../../../src/admin/verify/checks/oauth';
import { Connection, ScimClient } from '../../../src/admin/verify/scim-client';

/** What the domain of a stack answers: the documents that the stack has, and a challenge. */
let server: Server;
let documents: Map<string, string>;
let challenge: string;
let origin: string;
beforeEach(async () => {
  server = createServer(({ url = '' }, response) => {
    const document = documents.get(url);
    if (url.startsWith('/scim/v2/')) response.writeHead(401, { 'www-authenticate': challenge });
    else if (document === undefined) response.writeHead(403);
    response.end(document ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${host}`;
  const asServed = (document: object) => JSON.stringify(document).replaceAll('https://', 'http://');
  documents = new Map(
    oauthMetadata({ domainName: host, stageName: 'scim' }).map(({ path, document }) => [
      `/.well-known${path}`,
      asServed(document),
    ]),
  );
  challenge = `Bearer realm="scim", resource_metadata="${origin}/.well-known/oauth-protected-resource/scim/v2"`;
});
afterEach(async () => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
});

async function judge(outputs = new Map([['DomainTarget', 'd-1.example.com']])): Promise<[string, string]> {
  const baseUrl = `${origin}/scim/v2`;
  const connection = new Connection(baseUrl, new AbortController().signal);
  const deployment = {
    stack: { outputs: new Map([...outputs, ['TokenUrl', `${origin}/scim/oauth2/token`]]) },
  };
  const clientWith = (authorization: string | undefined) => new ScimClient(connection, authorization);
  try {
    const outcome = await OAUTH[0]?.run({ deployment, baseUrl, clientWith } as unknown as VerifyContext);
    return [outcome?.kind ?? 'absent', outcome?.detail ?? ''];
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return ['failed', error.message];
  } finally {
    connection.close();
  }
}

test('the documents of the stack, at the root of its domain, pass; without a domain there is nothing to prove', async () => {
  expect(await judge()).toEqual(['passed', `${origin}/.well-known/…`]);
  expect(await judge(new Map())).toEqual(['skipped', 'the service has no domain of its own']);
});

test.each([
  ['oauth-authorization-server/scim', 'issuer', '"issuer" is "http://x"'],
  ['oauth-authorization-server/scim', 'token_endpoint', '"token_endpoint" is "http://x"'],
  ['oauth-protected-resource/scim/v2', 'resource', '"resource" is "http://x"'],
  ['oauth-protected-resource/scim/v2', 'authorization_servers', '"authorization_servers" is "http://x"'],
])('%s with another %s fails, and names it', async (path, member, detail) => {
  const url = `/.well-known/${path}`;
  documents.set(url, JSON.stringify({ ...JSON.parse(documents.get(url) ?? ''), [member]: 'http://x' }));

  expect(await judge()).toEqual(['failed', expect.stringContaining(detail)]);
});

test('a document that is not there, or none, and a challenge without its address fail', async () => {
  challenge = 'Bearer realm="scim"';
  expect(await judge()).toEqual([
    'failed',
    expect.stringContaining('WWW-Authenticate is Bearer realm="scim";'),
  ]);
  documents.set('/.well-known/oauth-protected-resource/scim/v2', '<html>');
  expect(await judge()).toEqual(['failed', expect.stringContaining('does not answer a JSON object')]);
  documents.clear();
  expect(await judge()).toEqual(['failed', expect.stringContaining('403, 200 is expected')]);
});
