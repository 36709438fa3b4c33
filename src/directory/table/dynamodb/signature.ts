import { createHash, createHmac } from 'node:crypto';

/** Whose key signs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A POST to an AWS service: to its root, as all calls to DynamoDB are, unless the path says otherwise. */
export interface UnsignedCall {
  /** With the port when it is not the usual one. */
  readonly host: string;
  /** Percent-encoded, as it is sent. */
  readonly path?: string;
  /** The operation, where it is not the path that tells it. */
  readonly target?: string;
  readonly body: string;
}

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/**
 * Signs calls to an AWS service, DynamoDB above all, by AWS Signature Version 4. The key of a day is derived once, and
 * the text to sign is put together for the three to five headers that such a call has.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class Signer {
  private key: { readonly secret: string; readonly day: string; readonly bytes: Buffer } | undefined;

  constructor(
    private readonly region: string,
    private readonly service = 'dynamodb',
  ) {}

  /** All headers of the call, the signature among them. */
  headers(
    { host, path = '/', target, body }: UnsignedCall,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    now: Date,
  ): Record<string, string> {
    const time = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const day = time.slice(0, 8);
    const token = sessionToken === undefined ? '' : `x-amz-security-token:${sessionToken}\n`;
    const operation = target === undefined ? '' : `x-amz-target:${target}\n`;
    const signed = `content-type;host;x-amz-date${token === '' ? '' : ';x-amz-security-token'}${operation === '' ? '' : ';x-amz-target'}`;
    // Of all services S3 alone does not encode the path once more.
    const canonicalPath = path.replaceAll('%', '%25');
    const canonical = `POST\n${canonicalPath}\n\ncontent-type:${CONTENT_TYPE}\nhost:${host}\nx-amz-date:${time}\n${token}${operation}\n${signed}\n${sha256(body)}`;
    const scope = `${day}/${this.region}/${this.service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
    const signature = createHmac('sha256', this.keyOf(secretAccessKey, day)).update(text).digest('hex');
    return {
      host,
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      ...(target === undefined ? {} : { 'x-amz-target': target }),
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    };
  }

  private keyOf(secret: string, day: string): Buffer {
    if (this.key?.secret !== secret || this.key.day !== day) {
      const parts = [day, this.region, this.service, 'aws4_request'];
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
