import { createHmac } from 'node:crypto';
import type { AccessState } from './access-state';
import type { SessionSink } from './target';

const TIMEOUT_MS = 10_000;
/** Answers after which a repetition is of no use: the receiver has no such thing any more. */
const GONE = 410;

/** What the receiver is told. */
export interface WebhookBody {
  /** `sessions.ended`: the user is active, and signed out everywhere. */
  readonly type: 'access.ended' | 'access.returned' | 'sessions.ended';
  /** When it was sent, ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly tenantId: string;
    readonly userId: string;
    readonly deleted: boolean;
    readonly sessionEpoch: number;
  };
}

/**
 * Tells a URL of the app's own, in the form of Standard Webhooks (standardwebhooks.com): `webhook-id`,
 * `webhook-timestamp`, `webhook-signature`. The receiver ends the user's sessions, or lets the user in again, and
 * answers 2xx; anything else, or nothing within 10 seconds, is tried again. It carries ids alone.
 */
export class WebhookSink implements SessionSink {
  readonly name = 'webhook';

  /** @param secrets asked before each call, so that a changed secret is used soon */
  constructor(
    private readonly url: string,
    private readonly secrets: () => Promise<string>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async apply(state: AccessState, messageId: string): Promise<void> {
    const { active, endsSessions, deleted, tenant, userId, sessionEpoch, tenantEpoch } = state;
    const now = this.now();
    const told: WebhookBody = {
      type: !active ? 'access.ended' : endsSessions ? 'sessions.ended' : 'access.returned',
      timestamp: now.toISOString(),
      data: { tenantId: tenant, userId, deleted, sessionEpoch },
    };
    const body = JSON.stringify(told);
    // A state that changed since the first attempt is another message.
    const id = `${messageId}-${active ? 'r' : 'e'}${sessionEpoch}.${tenantEpoch}`;
    const headers = {
      'content-type': 'application/json',
      ...signatureHeaders(id, now, body, await this.secrets()),
    };
    const response = await fetch(this.url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    if (!response.ok && response.status !== GONE) throw new Error(`The webhook answered ${response.status}.`);
  }
}

/**
 * The headers of a Standard Webhooks message: one `v1` signature (HMAC-SHA256 over `id.timestamp.body`) for each
 * secret.
 *
 * @param secrets `whsec_` and base64, several separated by spaces while the receiver changes over
 * @throws Error when there is no secret of that form
 */
export function signatureHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const keys = secrets
    .split(/\s+/)
    .filter((secret) => /^whsec_[A-Za-z0-9+/]{16,}=*$/.test(secret))
    .map((secret) => Buffer.from(secret.slice('whsec_'.length), 'base64'));
  if (keys.length === 0) throw new Error('The webhook secret has not the form "whsec_" and base64.');
  const sign = (key: Buffer) =>
    createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' '),
  };
}
