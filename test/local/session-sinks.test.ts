import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LocalStack } from '../../local/assembly/cloud-assembly';
import { LocalError } from '../../local/local-error';
import { type ServiceEndpoint, startServiceEndpoint } from '../../local/services/service-endpoint';
import { addSinkServices, type SessionSinkOptions, sinkEnvironment } from '../../local/session-sinks';
import type { AccessState } from '../../src/offboarding/sinks/access-state';
import { CognitoSink } from '../../src/offboarding/sinks/cognito';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
let folder: string;
let services: ServiceEndpoint;
const notices: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sinks-'));
  services = await startServiceEndpoint(() => {});
  notices.length = 0;
});
afterEach(async () => {
  await services.stop();
  rmSync(folder, { recursive: true });
});

const serve = (options: SessionSinkOptions) =>
  addSinkServices(services, options, join(folder, 'secret'), (text) => notices.push(text));

/** A stack whose only function has these variables. */
const stackWith = (Variables: object) => {
  const resource = {
    logicalId: 'F',
    type: 'AWS::Lambda::Function',
    properties: { Environment: { Variables } },
  };
  return { ofType: () => [resource] } as unknown as LocalStack;
};

test('a webhook that the stack names in its own settings is not called from here: what it would be told is shown', async () => {
  serve({});
  const stack = stackWith({ WEBHOOK_URL: 'https://app.example.com/hooks' });
  const { WEBHOOK_URL = '' } = sinkEnvironment(stack, {}, services.url);
  const answer = await fetch(WEBHOOK_URL, { method: 'POST', body: '{"type":"access.ended"}' });

  expect(WEBHOOK_URL.startsWith(services.url)).toBe(true);
  expect(answer.status).toBe(204);
  expect(notices).toEqual(['webhook {"type":"access.ended"}']);
});

test('a webhook is refused for a stack that could not tell it anything', () => {
  const given = { webhook: { url: 'http://127.0.0.1:3000/hooks' } };
  expect(() => sinkEnvironment(stackWith({ TABLE_NAME: 't' }), given, services.url)).toThrow(LocalError);
});

test('the secret is made once, for its owner only, and a function reads it as it does in AWS', async () => {
  const secret = serve({});
  const { WEBHOOK_SECRET_ARN: SecretId } = sinkEnvironment(stackWith({}), {}, services.url);
  const client = new SecretsManagerClient({
    endpoint: services.url,
    region: 'us-east-1',
    credentials: CREDENTIALS,
  });
  const read = await client.send(new GetSecretValueCommand({ SecretId }));
  const other = client.send(new GetSecretValueCommand({ SecretId: 'another' }));

  await expect(other).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  expect(read.SecretString).toBe(secret);
  expect(serve({})).toBe(secret);
  expect(serve({ webhook: { url: 'http://x', secret: 'whsec_given' } })).toBe('whsec_given');
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  client.destroy();
});

test('calls of a user pool go on to the endpoint that was given, and its answers come back', async () => {
  const taken: string[] = [];
  const pool = createServer((request, response) => {
    taken.push(String(request.headers['x-amz-target']));
    const isUnknown = taken.length === 1;
    response.writeHead(isUnknown ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(isUnknown ? '{"__type":"TooManyRequestsException","message":"later"}' : '{}');
  });
  await new Promise<void>((resolve) => pool.listen(0, '127.0.0.1', resolve));
  serve({ cognito: { endpoint: `http://127.0.0.1:${(pool.address() as AddressInfo).port}` } });
  const client = new CognitoIdentityProviderClient({
    endpoint: services.url,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const sink = new CognitoSink(client, 'us-east-1_Local');
  const accounts = [{ username: 'ann', ambiguous: false }];
  const state = { active: false, endsSessions: true, accounts } as unknown as AccessState;

  await expect(sink.apply(state)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  await sink.apply(state);

  expect(taken.map((target) => target.split('.')[1])).toEqual([
    'AdminDisableUser',
    'AdminDisableUser',
    'AdminUserGlobalSignOut',
  ]);
  expect(notices[0]).toBe('cognito AdminDisableUser ann: 400');
  client.destroy();
  pool.closeAllConnections();
  await new Promise((resolve) => pool.close(resolve));
});
