const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** What an identity provider sends, at once and as it sends it. */
export class PlayedProvider {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  /** Its test of the connection. @throws Error when it is refused */
  async looksFor(filter: string): Promise<void> {
    await this.send('GET', `/Users?filter=${encodeURIComponent(filter)}&startIndex=1&count=2`);
  }

  /** @returns the id of the person @throws Error when it is refused */
  async provisions(userName: string): Promise<string> {
    const emails = [{ type: 'work', value: userName, primary: true }];
    const body = { schemas: [USER], userName, externalId: userName, active: true, emails };
    return this.send('POST', '/Users', body);
  }

  /** @throws Error when it is refused */
  async provisionsGroup(displayName: string, memberId: string): Promise<void> {
    await this.send('POST', '/Groups', { schemas: [GROUP], displayName, members: [{ value: memberId }] });
  }

  private async send(method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}.`);
    const { id = '' } = (await response.json()) as { readonly id?: string };
    return id;
  }
}

/** As Entra ID asks for an access token: RFC 6749 section 4.4. @throws Error when it gets none */
export async function accessToken(form: {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: form.clientId,
    client_secret: form.clientSecret,
  });
  const answer = (await (await fetch(form.url, { method: 'POST', body })).json()) as {
    access_token?: string;
  };
  if (answer.access_token === undefined) throw new Error('The values of the page give no access token.');
  return answer.access_token;
}
