import { type Scim, type ScimResponse, startScim, type TestTenant } from 'serverless-scim/testing';

export async function provision(scim: Scim, userName: string): Promise<ScimResponse> {
  const tenant: TestTenant = await scim.createTenant();
  return tenant.request('POST', '/Users', { userName });
}

export const start = (): Promise<Scim> => startScim({ webhook: 'http://127.0.0.1:3000/hooks' });

// @ts-expect-error: a URL is a text
startScim({ events: 3000 });
