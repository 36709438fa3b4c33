import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** AWS credentials, with the token of temporary ones. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Finds credentials anew when they are asked for, as the AWS SDK's providers do. */
export type CredentialProvider = () => Promise<Credentials>;

/** Signs requests to API Gateway by AWS Signature Version 4. */
export const apiSigner = (region: string, credentials: Credentials | CredentialProvider): SignatureV4 =>
  new SignatureV4({ region, credentials, service: 'execute-api', sha256: Sha256, applyChecksum: false });

/** Node's SHA-256 in the form that the signer takes; with a secret its HMAC. */
class Sha256 {
  private hash: Hash | Hmac;

  constructor(private readonly secret?: Source) {
    this.hash = this.begin();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    this.hash = this.begin();
  }

  private begin(): Hash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.secret));
  }
}

type Source = string | ArrayBuffer | ArrayBufferView;

function bytesOf(source: Source): Uint8Array {
  if (typeof source === 'string') return Buffer.from(source);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
