/** A browser: keeps cookies and follows redirects. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  async fetch(
    url: string,
    { method = 'GET', body }: { method?: string; body?: object } = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) return this.fetch(location);
    const text = await response.text();
    return { status: response.status, body: /^[[{]/.test(text) ? JSON.parse(text) : {} };
  }
}
