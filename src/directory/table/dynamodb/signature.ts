import { createHash, createHmac } from 'node:crypto';

/** Whose key signs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A POST to the root of an AWS service, which is what all calls to DynamoDB are. */
export interface UnsignedCall {
  /** With the port when it is not the usual one. */
  readonly host: string;
  readonly target: string;
  readonly body: string;
}

const SERVICE = 'dynamodb';
const CONTENT_TYPE = 'application/x-amz-json-1.0';

/**
 * Signs calls to DynamoDB by AWS Signature Version 4. The key of a day is derived once, and the text to sign is put
 * together for the four or five headers that such a call has.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class Signer {
  private key: { readonly secret: string; readonly day: string; readonly bytes: Buffer } | undefined;

  constructor(private readonly region: string) {}

  /** All headers of the call, the signature among them. */
  headers(
    { host, target, body }: UnsignedCall,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    now: Date,
  ): Record<string, string> {
    const time = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const day = time.slice(0, 8);
    const token = sessionToken === undefined ? '' : `x-amz-security-token:${sessionToken}\n`;
    const signed = `content-type;host;x-amz-date${token === '' ? '' : ';x-amz-security-token'};x-amz-target`;
    const canonical = `POST\n/\n\ncontent-type:${CONTENT_TYPE}\nhost:${host}\nx-amz-date:${time}\n${token}x-amz-target:${target}\n\n${signed}\n${sha256(body)}`;
    const scope = `${day}/${this.region}/${SERVICE}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', this.keyOf(secretAccessKey, day)).update(text).digest('hex');
    return {
      host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': target,
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    };
  }

  private keyOf(secret: string, day: string): Buffer {
    if (this.key?.secret !== secret || this.key.day !== day) {
      const parts = [day, this.region, SERVICE, 'aws4_request'];
      const bytes = parts.reduce<Buffer | string>(
        (key, part) => createHmac('sha256', key).update(part).digest(),
        `AWS4${secret}`,
      );
      this.key = { secret, day, bytes: Buffer.from(bytes) };
    }
    return this.key.bytes;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
