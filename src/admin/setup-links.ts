import type { SetupLink, SetupLinkState, SetupPermission } from '../directory/tenants/setup-link-item';
import * as links from '../directory/tenants/setup-links';
import { readTenantId } from '../directory/tenants/tenants';
import { actEntry, makingWrites } from './acts';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import type { TenantInput } from './tenants';

export { SETUP_PERMISSIONS, type SetupPermission } from '../directory/tenants/setup-link-item';

/** Length of life of a link, and what it permits, when nothing else is said. */
export const DEFAULT_SETUP_LINK_LIFE_MS = 7 * 86_400_000;
export const DEFAULT_SETUP_PERMISSIONS: readonly SetupPermission[] = ['credentials', 'log'];

/** A link as administrators see it: everything but its secret. */
export interface ShownSetupLink extends Omit<SetupLink, 'tenantEpoch' | 'endsAt'> {
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** A link just made. Its secret exists nowhere else. */
export interface CreatedSetupLink extends ShownSetupLink {
  /** The secret, which is what stands behind `#` in the link. */
  readonly secret: string;
  /** What to send to the customer, where the address of the service is known. */
  readonly url: string | undefined;
}

/** Names the link that a use case is about. */
export interface SetupLinkInput extends TenantInput {
  /** Public id. */
  readonly linkId: string;
}

/**
 * Makes a link to a tenant's set-up page, on which the customer's administrator connects their identity provider.
 *
 * @param input `for`: whom it is for, for people; `roles`: which ones groups may be given with it, where `may` has
 *   `roles`
 * @throws AdminError unsupported when the stack has no set-up page
 * @example
 * const { url } = await createSetupLink(deployment, { tenantId: 'acme', for: 'IT of Acme' });
 */
export async function createSetupLink(
  deployment: Deployment,
  {
    tenantId,
    for: whom,
    lifeMs = DEFAULT_SETUP_LINK_LIFE_MS,
    may = DEFAULT_SETUP_PERMISSIONS,
    roles = [],
  }: TenantInput & {
    readonly for: string;
    readonly lifeMs?: number;
    readonly may?: readonly SetupPermission[];
    readonly roles?: readonly string[];
  },
): Promise<CreatedSetupLink> {
  const tenant = readTenantId(tenantId);
  refuseWithoutPage(deployment);
  const order = { tenant, for: whom, lifeMs, may, roles };
  const { link, secret } = await links.createSetupLink(deployment.table, order, ({ linkId }) =>
    makingWrites(deployment, tenant, { type: 'setup_link.created', linkId }, { linkId }),
  );
  // Both are below the stage (src/endpoints/routes.ts). A fragment is sent to nobody, so that no log and no scanner of
  // mails has it.
  const url = deployment.baseUrl?.replace(/\/v2$/, `/setup#${secret}`);
  return { ...shown(link), secret, url };
}

/** @throws AdminError unsupported when the stack is deployed without the page that the link would open */
function refuseWithoutPage({ stack }: Deployment): void {
  // Only a service without the page says so in its outputs (lib/outputs.ts).
  if (stack?.outputs.get('SetupPage') !== 'off') return;
  throw new AdminError(
    'unsupported',
    'The stack is deployed without the set-up page (setupPage=off), so that a link would open nothing; deploy it with setupPage=on first.',
  );
}

/** A tenant's links, the newest first, with their state; those that have ended for 30 days. */
export async function listSetupLinks(
  { table }: Deployment,
  { tenantId }: TenantInput,
): Promise<readonly (ShownSetupLink & { readonly state: SetupLinkState })[]> {
  const found = await links.listSetupLinks(table, readTenantId(tenantId));
  return found.map(({ state, ...link }) => ({ ...shown(link), state }));
}

/** Refuses a link from now on; what was made with it stays. */
export async function revokeSetupLink(
  deployment: Deployment,
  { tenantId, linkId }: SetupLinkInput,
): Promise<ShownSetupLink> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'setup_link.revoked', linkId });
  return shown(await links.revokeSetupLink(deployment.table, tenant, linkId, [entry]));
}

const shown = ({ tenantEpoch: _epoch, endsAt: expiresAt, ...link }: SetupLink): ShownSetupLink => ({
  ...link,
  expiresAt,
});
