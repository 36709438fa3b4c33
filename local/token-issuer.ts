import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';

/** What an administrator copies from the issuer's page. */
export interface IssuerPage {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly jwks: string;
}

interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const TENANT = '5f7e1c0a-26b5-4a0e-9d0b-0c1d8e5a4f11';
const OBJECT = '2b9f3d52-8a41-4c43-b1f7-6f1b7c9c0d22';
const APPLICATION = '9c8b7a65-43f2-4e1d-8c0b-a9b8c7d6e533';
/** Entra ID's assertions live for 65 minutes. */
const LIFE_SECONDS = 3_900;

/**
 * An issuer of assertions on this machine that does what Entra ID does in workload identity federation: for tests, and
 * for trying the token endpoint out. A local run fetches its keys; a deployed stack does not.
 *
 * @example
 * const issuer = await TokenIssuer.start();
 * issuer.page; // what `client trust` is given
 * await issuer.assertion(); // what an identity provider sends as client_assertion
 */
export class TokenIssuer {
  /** How often somebody asked for the keys. */
  requests = 0;
  /** In place of the keys, where the issuer is to misbehave. */
  answer: RequestListener | undefined;
  readonly page: IssuerPage;
  private keys: readonly SigningKey[];

  private constructor(
    private readonly server: Server,
    first: SigningKey,
  ) {
    this.keys = [first];
    const { port } = server.address() as AddressInfo;
    this.page = {
      issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      subject: OBJECT,
      audience: `api://${APPLICATION}`,
      jwks: `http://127.0.0.1:${port}/${TENANT}/discovery/v2.0/keys`,
    };
  }

  static async start(): Promise<TokenIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = new TokenIssuer(server, await newKey('RS256'));
    server.on('request', (request, response) => {
      issuer.requests++;
      if (issuer.answer !== undefined) return issuer.answer(request, response);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(issuer.jwks()));
    });
    return issuer;
  }

  /** The public keys, with what Entra ID's have besides. */
  jwks(): { keys: JWK[] } {
    return {
      keys: this.keys.map(({ jwk, kid }) => ({
        ...jwk,
        kid,
        use: 'sig',
        x5t: kid,
        issuer: this.page.issuer,
      })),
    };
  }

  /** Signs with another key from now on; the former ones are gone, as unannounced as Entra ID does it. */
  async rotate(alg: SigningKey['alg'] = 'RS256'): Promise<void> {
    this.keys = [await newKey(alg)];
  }

  /** An assertion with the claims that Entra ID documents: there is no `jti`. */
  async assertion(
    claims: Readonly<Record<string, unknown>> = {},
    header: Partial<JWTHeaderParameters> = {},
    now: Date = new Date(),
  ): Promise<string> {
    const [key] = this.keys;
    if (key === undefined) throw new Error('The issuer has no key.');
    const iat = Math.floor(now.getTime() / 1000);
    const { issuer: iss, subject: sub, audience: aud } = this.page;
    const entra = { aud, iss, sub, oid: sub, appid: APPLICATION, tid: TENANT, ver: '2.0' };
    const all = { ...entra, iat, nbf: iat, exp: iat + LIFE_SECONDS, ...claims };
    const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(payload)
      .setProtectedHeader({ typ: 'JWT', alg: key.alg, kid: key.kid, x5t: key.kid, ...header })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function newKey(alg: SigningKey['alg']): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  // Of the key itself, as the thumbprints are that Entra ID names its keys by.
  const kid = String(jwk.n ?? jwk.x).slice(0, 27);
  return { kid, alg, privateKey, jwk };
}
