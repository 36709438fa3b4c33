import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isOfLocalIssuer, readJwksUrl } from '../directory/tenants/trust';
import { isPublicAddress } from './public-address';

/** Why an issuer's keys could not be had: a sentence for the log of the tenant. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** How an issuer's answer is limited. Entra ID's keys, with certificates, have some 20 kB. */
export const KEYS_LIMITS = { milliseconds: 3_000, bytes: 262_144 } as const;

/** What may be fetched besides https. */
export interface FetchOptions {
  /** Whether issuers on this machine may be fetched from, without TLS: in a local run alone. */
  readonly allowsLocal: boolean;
  readonly limits?: { readonly milliseconds: number; readonly bytes: number };
}

/**
 * Fetches an issuer's keys, as JSON that nobody has looked at yet. The URL was given by an administrator, perhaps by a
 * customer's: it leads to public addresses alone, which are looked at where the connection is made, so that a name that
 * changes its address between two look-ups gains nothing. Redirects are not followed, and time and size are limited.
 *
 * @throws KeysUnavailable
 */
export async function fetchKeys(jwks: string, options: FetchOptions): Promise<unknown> {
  const text = await fetchText(readJwksUrl(jwks), options);
  try {
    return JSON.parse(text);
  } catch {
    throw new KeysUnavailable('The jwks URL answered what is not JSON.');
  }
}

function fetchText(url: URL, { allowsLocal, limits = KEYS_LIMITS }: FetchOptions): Promise<string> {
  const isLocal = isOfLocalIssuer(url);
  if (isLocal && !allowsLocal) {
    throw new KeysUnavailable('The jwks URL is one of this machine; those are fetched in a local run alone.');
  }
  const signal = AbortSignal.timeout(limits.milliseconds);
  const common = { signal, agent: false, headers: { accept: 'application/json' } } as const;
  return new Promise((resolve, reject) => {
    const onAnswer = (response: IncomingMessage) => {
      readAnswer(response, limits.bytes).then(resolve, fail);
    };
    const fail = (error: unknown) => {
      request.destroy();
      reject(
        signal.aborted
          ? new KeysUnavailable(`The jwks URL did not answer within ${limits.milliseconds} ms.`)
          : unavailable(error),
      );
    };
    const request = isLocal
      ? getHttp(url, common, onAnswer)
      : getHttps(url, { ...common, lookup: lookUpPublic }, onAnswer);
    request.on('error', fail);
  });
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<string> {
  const { statusCode = 0 } = response;
  if (statusCode !== 200) {
    const redirects = statusCode >= 300 && statusCode < 400 ? '; redirects are not followed' : '';
    throw new KeysUnavailable(`The jwks URL answered ${statusCode}${redirects}.`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new KeysUnavailable(`The jwks URL answered more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Node's errors name addresses and ports; their codes say enough. */
function unavailable(error: unknown): KeysUnavailable {
  if (error instanceof KeysUnavailable) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
  return new KeysUnavailable(`The jwks URL cannot be reached: ${code}.`);
}

/** Finds the addresses of a host as a connection is made. A host with one that is not public is refused as a whole. */
export function lookUpPublic(
  hostname: string,
  options: LookupOptions,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined)
      return callback(error ?? new Error(`No address of ${hostname}.`), []);
    if (!addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new KeysUnavailable('The host of the jwks URL has an address that is not public.'), []);
    }
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
