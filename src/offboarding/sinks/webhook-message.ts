import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the receiver of the webhook is told. */
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

/** The form of a secret: base64 behind a word that tells scanners for leaked secrets what it is. */
const SECRET = /^whsec_([A-Za-z0-9+/]{16,}=*)$/;

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
  const content = `${id}.${timestamp}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keysOf(secrets.split(/\s+/))
      .map((key) => signatureOf(key, content))
      .join(' '),
  };
}

/**
 * Whether one of the signatures in the header `webhook-signature` is that of the content under one of the secrets; in a
 * time that does not tell how much of a forged one was right.
 *
 * @throws Error when there is no secret of the form "whsec_" and base64
 */
export function isSignedBy(secrets: readonly string[], content: string, header: string): boolean {
  const given = header.split(' ').map((signature) => Buffer.from(signature));
  return keysOf(secrets).some((key) => {
    const expected = Buffer.from(signatureOf(key, content));
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
}

function keysOf(secrets: readonly string[]): Buffer[] {
  const keys = secrets.flatMap((secret) => {
    const base64 = SECRET.exec(secret)?.[1];
    return base64 === undefined ? [] : [Buffer.from(base64, 'base64')];
  });
  if (keys.length === 0) throw new Error('The webhook secret has not the form "whsec_" and base64.');
  return keys;
}

const signatureOf = (key: Buffer, content: string): string =>
  `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
