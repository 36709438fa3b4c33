import { isSignedBy, type WebhookBody } from '../offboarding/sinks/webhook-message';

/** Messages that were signed longer ago are refused: somebody may have recorded them. */
const TOLERANCE_SECONDS = 300;

/** Headers as `fetch`, Node's `http` and API Gateway give them; names in any case. */
export type WebhookHeaders =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request to the URL of the webhook, and what it is checked with. */
export interface WebhookRequest {
  /** The body as it came, before anything parsed it: the signature covers its bytes. */
  readonly body: string | Uint8Array;
  readonly headers: WebhookHeaders;
  /** `whsec_` and base64; two while the secret is being changed. */
  readonly secrets: readonly string[];
  /** How old a message may be, and how far ahead its clock. Default 300. */
  readonly toleranceSeconds?: number;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What the webhook tells, and the id by which a message that comes again is known. */
export interface WebhookMessage extends WebhookBody {
  readonly id: string;
}

/**
 * A request is no message of the service: answer 401.
 *
 * @example
 * if (error instanceof WebhookRefused) response.writeHead(401).end(error.reason);
 */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  /** @param reason `signature`: none of the secrets signed it; `time`: signed too long ago, or in the future */
  constructor(readonly reason: 'signature' | 'time') {
    super(
      reason === 'signature'
        ? 'The webhook message is not signed with a secret of this receiver.'
        : 'The webhook message was signed too long ago, or in the future.',
    );
  }
}

/**
 * Checks that a request comes from the service, by the rules of Standard Webhooks (standardwebhooks.com), and reads it.
 * Messages may come twice: keep the ids of a day.
 *
 * @throws WebhookRefused when it does not, or comes too late
 * @throws Error when no secret has the form "whsec_" and base64
 * @example
 * const secrets = [process.env.WEBHOOK_SECRET ?? ''];
 * const { id, type, data } = verifyWebhook({ body, headers: request.headers, secrets });
 * if (type === 'access.ended') await mySessions.end(data.tenantId, data.userId);
 */
export function verifyWebhook({
  body,
  headers,
  secrets,
  toleranceSeconds = TOLERANCE_SECONDS,
  now = Date.now,
}: WebhookRequest): WebhookMessage {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signature = headerOf(headers, 'webhook-signature');
  if (!isSignedBy(secrets, `${id}.${timestamp}.${text}`, signature)) throw new WebhookRefused('signature');
  // Not "> toleranceSeconds": a timestamp that is no number would pass.
  const isFresh = Math.abs(now() / 1000 - Number(timestamp)) <= toleranceSeconds;
  if (!isFresh) throw new WebhookRefused('time');
  return { id, ...(JSON.parse(text) as WebhookBody) };
}

function headerOf(headers: WebhookHeaders, name: string): string {
  if (isGetter(headers)) return headers.get(name) ?? '';
  const [, value] = Object.entries(headers).find(([given]) => given.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

const isGetter = (headers: WebhookHeaders): headers is { get(name: string): string | null | undefined } =>
  typeof headers.get === 'function';
