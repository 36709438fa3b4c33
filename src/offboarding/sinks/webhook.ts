import type { AccessState } from './access-state';
import type { SessionSink } from './session-sink';
import { signatureHeaders, type WebhookBody } from './webhook-message';

const TIMEOUT_MS = 10_000;
/** Answers after which a repetition is of no use: the receiver has no such thing any more. */
const GONE = 410;

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
