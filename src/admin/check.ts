import * as invariants from '../directory/check/check';
import { BROKEN, type Finding, shownKey } from '../directory/check/finding';
import type { TenantId } from '../directory/table/keys';
import { readTenantId } from '../directory/tenants/tenants';
import { actEntry } from './acts';
import { type ApiKeyFault, checkApiKeys } from './check-api-keys';
import type { Deployment } from './deployment';
import type { ScanProgress } from './progress';

/** An invariant that does not hold, and what became of it. */
export interface ShownFinding {
  readonly code: Finding['code'] | ApiKeyFault;
  readonly tenantId: Finding['tenant'];
  /** The item's key, without what a value in it says of a person. */
  readonly item: string;
  readonly detail: Finding['detail'];
  /** What is wrong, and what a repair does. */
  readonly means: string;
  readonly repair: string;
  readonly outcome: invariants.CheckedFinding['outcome'];
}

/** What a check has found. */
export interface CheckedTable extends Omit<invariants.CheckResult, 'findings'> {
  readonly findings: readonly ShownFinding[];
}

/**
 * Looks for broken invariants in the whole table, while traffic goes on.
 *
 * @param input `tenantId`: items of this tenant only; `repair`: repairs what can be repaired, by conditional writes
 * @example
 * const { findings } = await checkTable(deployment, { tenantId: 'acme' });
 */
export async function checkTable(
  deployment: Deployment,
  input: {
    readonly tenantId?: string;
    readonly repair?: boolean;
    readonly onProgress?: (progress: ScanProgress & { readonly suspects: number }) => void;
  } = {},
): Promise<CheckedTable> {
  const tenant = input.tenantId === undefined ? undefined : readTenantId(input.tenantId);
  const { table } = deployment;
  const { repair, onProgress } = input;
  const items = await table.approximateItemCount();
  const result = await invariants.checkTable(table, {
    tenant,
    repair,
    onProgress: (progress) => onProgress?.({ ...progress, items }),
  });
  await tellRepairs(deployment, result.findings);
  const ofKeys = await checkApiKeys(deployment, { tenantId: tenant, repair });
  return { ...result, findings: [...result.findings.map(shown), ...ofKeys] };
}

/** One entry for each tenant of which something was repaired. */
async function tellRepairs(
  deployment: Deployment,
  findings: readonly invariants.CheckedFinding[],
): Promise<void> {
  const counts = new Map<TenantId, number>();
  for (const { tenant, outcome } of findings) {
    if (outcome === 'repaired' && tenant !== undefined) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  }
  for (const [tenant, count] of counts) {
    await deployment.table.write(await actEntry(deployment, tenant, { type: 'check.repaired', count }));
  }
}

const shown = ({ code, tenant, key, detail, outcome }: invariants.CheckedFinding): ShownFinding => ({
  code,
  tenantId: tenant,
  item: shownKey(key),
  detail,
  means: BROKEN[code][0],
  repair: BROKEN[code][1],
  outcome,
});
