import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { LOCAL_REGION, localArn } from './account';
import type { LocalStack } from './assembly/cloud-assembly';
import { parseJson, recordOf, stringOf } from './json';
import { LocalError } from './local-error';
import type { ServiceEndpoint } from './services/service-endpoint';
import type { Service, ServiceAnswer, ServiceRequest } from './services/service-request';

/** Other stores of sessions that a local run tells of access that ends or returns (docs/session-sinks.md). */
export interface SessionSinkOptions {
  /** A webhook; http is accepted, too. */
  readonly webhook?: {
    readonly url: string;
    /** `whsec_` and base64 of at least 12 bytes; one is made and kept with the data when absent. */
    readonly secret?: string;
  };
  /** A Cognito user pool. Its calls are told as notices, and sent on when there is an endpoint. */
  readonly cognito?: {
    /** URL of something that speaks Cognito's protocol. */
    readonly endpoint?: string;
  };
}

const WEBHOOK_SECRET_ARN = localArn('secretsmanager', 'secret:webhook');
const COGNITO_TIMEOUT_MS = 10_000;

/**
 * Settings of the app that give the stack the functions for these stores. The webhook's URL is not among them: a
 * stack need not be synthesized anew for each, nor be one with https.
 */
export const sinkSettings = ({ webhook, cognito }: SessionSinkOptions): Readonly<Record<string, string>> => ({
  ...(webhook === undefined
    ? {}
    : { webhookUrl: 'https://webhook.invalid/', webhookSecretArn: WEBHOOK_SECRET_ARN }),
  ...(cognito === undefined
    ? {}
    : { cognitoUserPoolArn: localArn('cognito-idp', `userpool/${LOCAL_REGION}_Local`) }),
});

/**
 * The environment of the functions for these stores, in place of the template's: a stack that names a webhook in its
 * own settings must not call it from here.
 *
 * @throws LocalError for a webhook when the stack has no function for it
 */
export function sinkEnvironment(
  stack: LocalStack,
  { webhook }: SessionSinkOptions,
  servicesUrl: string,
): Readonly<Record<string, string>> {
  const hasWebhook = stack
    .ofType('AWS::Lambda::Function')
    .some((resource) => 'WEBHOOK_URL' in recordOf(recordOf(resource.properties.Environment).Variables));
  if (webhook !== undefined && !hasWebhook) {
    throw new LocalError(
      'The stack has no function that tells a webhook; the settings webhookUrl and webhookSecretArn give it one.',
    );
  }
  return {
    WEBHOOK_URL: webhook?.url ?? `${servicesUrl}${WEBHOOK_LOG_PATH}`,
    WEBHOOK_SECRET_ARN,
  };
}

/**
 * Serves what the functions for these stores call.
 *
 * @param secretFile keeps the webhook's secret
 * @returns the webhook's secret
 */
export function addSinkServices(
  services: ServiceEndpoint,
  options: SessionSinkOptions,
  secretFile: string,
  notice: (text: string) => void,
): string {
  const secret = webhookSecret(options, secretFile);
  services.add('secretsmanager', secretsService(secret));
  services.add('cognito-idp', cognitoService(options.cognito?.endpoint, notice));
  services.add('', webhookLog(notice));
  return secret;
}

/** The secret that signs: the given one, otherwise one that is made once and kept in a file. */
function webhookSecret({ webhook }: SessionSinkOptions, file: string): string {
  if (webhook?.secret !== undefined) return webhook.secret;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}

/** Secrets Manager's GetSecretValue for the webhook's secret. */
const secretsService =
  (secret: string): Service =>
  ({ operation, body }) => {
    if (operation !== 'GetSecretValue') return undefined;
    if (recordOf(parseJson(body.toString('utf8'))).SecretId === WEBHOOK_SECRET_ARN)
      return { status: 200, body: { ARN: WEBHOOK_SECRET_ARN, SecretString: secret } };
    return {
      status: 400,
      body: {
        __type: 'ResourceNotFoundException',
        message: 'The local run has the secret of the webhook alone.',
      },
    };
  };

const WEBHOOK_LOG_PATH = '/webhook';

/** Where a webhook goes that the stack names and the local run was given no URL for: it is told, and answered 204. */
const webhookLog =
  (notice: (text: string) => void): Service =>
  ({ path, body }) => {
    if (path !== WEBHOOK_LOG_PATH) return undefined;
    notice(`webhook ${body.toString('utf8')}`);
    return { status: 204 };
  };

/** What the functions call of a user pool. */
const POOL_ACTIONS = new Set(['AdminDisableUser', 'AdminEnableUser', 'AdminUserGlobalSignOut']);

/** Cognito's calls that end access and give it back: told, and sent on when there is an endpoint for them. */
const cognitoService =
  (endpoint: string | undefined, notice: (text: string) => void): Service =>
  async (request) => {
    const { operation = '', body } = request;
    if (!POOL_ACTIONS.has(operation)) return undefined;
    const answer = endpoint === undefined ? { status: 200, body: {} } : await forward(request, endpoint);
    const username = stringOf(recordOf(parseJson(body.toString('utf8'))).Username) ?? '';
    notice(`cognito ${operation} ${username}: ${answer.status}`);
    return answer;
  };

async function forward({ operation, body }: ServiceRequest, endpoint: string): Promise<ServiceAnswer> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(COGNITO_TIMEOUT_MS),
    });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    return { status: 503, body: { __type: 'ServiceUnavailable', message: String(error) } };
  }
}
