import type { CheckedFinding } from '../directory/check/check';
import { isTenantId, type TenantId } from '../directory/table/keys';
import { getStoredTenant, listStoredTenants, type StoredTenant } from '../directory/tenants/tenants';
import type { ApiKeys } from './api-keys';
import type { Deployment } from './deployment';
import { giveApiKey, hasRightKey } from './tenant-rate';

/** What may be wrong between tenants and the keys that their requests are counted by, and what a repair does. */
const BROKEN = {
  'tenant-without-api-key': [
    'the tenant shares the default key: it has no limit of its own, or not that of its tier',
    'a key is made in the usage plan of its tier',
  ],
  'api-key-without-tenant': ['no tenant has the key', 'the key is deleted'],
} as const;

/** A key is made right before its tenant has it. */
const KEY_IN_PLACE_AFTER_MS = 600_000;

/** The codes of what may be wrong with keys. */
export type ApiKeyFault = keyof typeof BROKEN;

/** What is wrong with a key or a tenant, in the form in which a check shows everything that it finds. */
export interface ApiKeyFinding {
  readonly code: ApiKeyFault;
  readonly tenantId: TenantId | undefined;
  readonly item: string;
  readonly detail: string | undefined;
  readonly means: string;
  readonly repair: string;
  readonly outcome: CheckedFinding['outcome'];
}

/**
 * Looks whether each tenant has the key that its tier asks for, in the usage plan of that tier, and whether each key of
 * this service has its tenant.
 *
 * @param input `tenantId`: only what is about this tenant
 */
export async function checkApiKeys(
  deployment: Deployment,
  { tenantId, repair = false }: { readonly tenantId?: string; readonly repair?: boolean },
): Promise<ApiKeyFinding[]> {
  const { apiKeys, table } = deployment;
  if (apiKeys === undefined) return [];
  // Keys first: that of a tenant which is made meanwhile is then not among them.
  const keys = await apiKeys.list();
  const isAskedFor = (of: { readonly tenantId: string }) =>
    tenantId === undefined || of.tenantId === tenantId;
  const tenants = (await listStoredTenants(table)).filter(isAskedFor);
  const findings: ApiKeyFinding[] = [];
  const tierOf = new Map(keys.map(({ id, tier }) => [id, tier]));
  for (const tenant of tenants) {
    if (isCounted(tenant, apiKeys, tierOf)) continue;
    const rate = repair ? await giveApiKey(deployment, tenant.tenantId, { anew: true }) : undefined;
    const outcome = !repair ? 'open' : rate?.problem === undefined ? 'repaired' : 'manual';
    const item = `tenant ${tenant.tenantId}`;
    findings.push(finding('tenant-without-api-key', tenant.tenantId, item, outcome, rate?.problem));
  }
  const madeBefore = Date.now() - KEY_IN_PLACE_AFTER_MS;
  for (const key of keys.filter((candidate) => isAskedFor(candidate) && candidate.createdAt < madeBefore)) {
    const owner = isTenantId(key.tenantId) ? key.tenantId : undefined;
    const inUse = owner === undefined ? undefined : (await getStoredTenant(table, owner))?.apiKey?.id;
    if (inUse === key.id) continue;
    if (repair) await apiKeys.remove(key.id);
    findings.push(
      finding('api-key-without-tenant', owner, `API key ${key.id}`, repair ? 'repaired' : 'open'),
    );
  }
  return findings;
}

/** Whether the gateway counts a tenant as its setting asks for: by the key in its item, in the plan of its tier. */
function isCounted(
  tenant: StoredTenant,
  apiKeys: ApiKeys,
  tierOf: ReadonlyMap<string, string | undefined>,
): boolean {
  const { apiKey } = tenant;
  return hasRightKey(tenant, apiKeys) && (apiKey === undefined || tierOf.get(apiKey.id) === apiKey.tier);
}

function finding(
  code: ApiKeyFault,
  tenantId: TenantId | undefined,
  item: string,
  outcome: ApiKeyFinding['outcome'],
  detail?: string,
): ApiKeyFinding {
  const [means, repair] = BROKEN[code];
  return { code, tenantId, item, detail, means, repair, outcome };
}
