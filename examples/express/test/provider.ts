import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Claims {
  readonly sub: string;
  readonly email?: string;
}

/** An identity provider that logs in whoever `signIn` names, and speaks OpenID Connect. */
export class FakeProvider {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly codes = new Map<string, Record<string, string>>();
  private readonly server: Server;
  private user: Claims = { sub: '' };

  constructor() {
    this.server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', this.issuer);
      if (url.pathname === '/authorize') {
        const code = randomUUID();
        this.codes.set(code, { ...Object.fromEntries(url.searchParams), ...this.user });
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = String(new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }));
        return void response.writeHead(302, { location: String(back) }).end();
      }
      let body = '';
      for await (const chunk of request) body += chunk;
      const answer = this.answer(url.pathname, new URLSearchParams(body));
      response
        .writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer ?? { error: 'invalid_grant' }));
    });
  }

  async start(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Who logs in next; without an e-mail address, when the person has none. */
  signIn(email?: string): void {
    this.user = { sub: `sub-of-${email}`, ...(email === undefined ? {} : { email }) };
  }

  private answer(path: string, form: URLSearchParams): object | undefined {
    if (path === '/.well-known/openid-configuration') {
      return {
        authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/keys`,
      };
    }
    if (path === '/keys') return { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'key' }] };
    const asked = this.codes.get(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (asked === undefined || asked.code_challenge !== challenge) return undefined;
    this.codes.delete(form.get('code') ?? '');
    const claims = { iss: this.issuer, aud: asked.client_id, nonce: asked.nonce, sub: asked.sub };
    return { id_token: this.sign({ ...claims, email: asked.email, exp: Date.now() / 1000 + 300 }) };
  }

  private sign(claims: object): string {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${encode({ alg: 'RS256', kid: 'key' })}.${encode(claims)}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), this.keys.privateKey).toString('base64url')}`;
  }
}
