import { AdminApiError, type AdminClient } from 'serverless-scim/admin';

/** What the customer's administrator pastes into the identity provider. */
export interface Connection {
  readonly tenantUrl: string | undefined;
  readonly token: string;
  readonly expiresAt: string;
}

/**
 * Makes what a customer needs who has bought. The order's id is the key of both requests, so that a job that runs twice
 * makes nothing twice.
 *
 * @returns undefined when the token was made, and shown, before: whoever has lost it asks for another one
 */
export async function onboard(
  admin: AdminClient,
  order: { readonly id: string; readonly tenantId: string; readonly company: string },
): Promise<Connection | undefined> {
  const { tenantId } = order;
  await admin.tenants.create({ tenantId, name: order.company }, { idempotencyKey: `tenant-${order.id}` });
  try {
    const { token, baseUrl, expiresAt } = await admin.tokens.create(
      { tenantId, label: 'identity provider' },
      { idempotencyKey: `token-${order.id}` },
    );
    return { tenantUrl: baseUrl, token, expiresAt };
  } catch (error) {
    if (error instanceof AdminApiError && error.code === 'secret-shown') return undefined;
    throw error;
  }
}

/** Makes another token in place of one that was lost; the lost one ends at once. */
export async function replaceToken(admin: AdminClient, tenantId: string, tokenId: string): Promise<string> {
  const { token } = await admin.tokens.rotate({ tenantId, tokenId, overlapSeconds: 0 });
  return token;
}
