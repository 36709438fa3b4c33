import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebhookSink } from '../src/offboarding/sinks/webhook';
import { sinkHandler } from './middleware/sink-queue';

/** How long a secret is used without asking for it again: a changed one is used so much later. */
const SECRET_KEPT_MS = 300_000;

const { WEBHOOK_URL: url = '', WEBHOOK_SECRET_ARN: secretArn = '' } = process.env;
/** The secret need not be of the stack's region. */
const secretsManager = new SecretsManagerClient({ region: secretArn.split(':')[3] });
let kept: { readonly secret: string; readonly until: number } | undefined;

async function secrets(): Promise<string> {
  if (kept === undefined || kept.until < Date.now()) {
    const { SecretString = '' } = await secretsManager.send(
      new GetSecretValueCommand({ SecretId: secretArn }),
    );
    kept = { secret: SecretString, until: Date.now() + SECRET_KEPT_MS };
  }
  return kept.secret;
}

/** Tells a webhook whose access has ended or returned. */
export const handler = sinkHandler(new WebhookSink(url, secrets), { source: 'id' });
