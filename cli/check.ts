import {
  type CheckedFinding,
  type CheckProgress,
  type CheckResult,
  checkTable,
} from '../src/directory/check/check';
import { BROKEN, shownKey } from '../src/directory/check/finding';
import { readTenantId } from '../src/directory/tenants/tenants';
import type { Command } from './command';
import { everyFewSeconds } from './progress';

export const CHECK: Command = {
  arguments: ['[tenant]'],
  summary: 'look for broken invariants in the whole table',
  options: {
    repair: { type: 'boolean', help: 'repair what can be repaired, by conditional writes' },
  },
  examples: ['check', 'check acme --json', 'check --stack Scim --repair'],
  async run({ target, arguments: [tenantName], options, progress }) {
    const tenant = tenantName === undefined ? undefined : readTenantId(tenantName);
    const repair = options.repair === true;
    const items = await target.table.approximateItemCount();
    const onScanned = everyFewSeconds(items, progress);
    const onProgress = ({ scanned, suspects }: CheckProgress) =>
      onScanned(scanned, `${suspects} to look at again`);
    const result = await checkTable(target.table, { tenant, repair, onProgress });
    const isRepaired = result.findings.every(({ outcome }) => outcome === 'repaired');
    return {
      json: { ...result, findings: result.findings.map(toJson) },
      text: [...result.findings.map(toLine), summaryOf(result, repair)].join('\n'),
      exitCode: isRepaired ? 0 : 1,
    };
  },
};

const toJson = ({ code, tenant, key, detail, outcome }: CheckedFinding) => ({
  code,
  tenantId: tenant,
  item: shownKey(key),
  detail,
  means: BROKEN[code][0],
  repair: BROKEN[code][1],
  outcome,
});

function toLine(finding: CheckedFinding): string {
  const { code, item, detail, means, repair, outcome } = toJson(finding);
  const what = outcome === 'repaired' ? `repaired: ${repair}` : `${outcome}; --repair: ${repair}`;
  return `${code}  ${item}${detail === undefined ? '' : `  (${detail})`}\n  ${means}; ${what}`;
}

function summaryOf({ scanned, tenants, findings }: CheckResult, repair: boolean): string {
  const counted = `${scanned} items of ${tenants} tenants`;
  if (findings.length === 0) return `${counted}: nothing is broken.`;
  const repaired = findings.filter(({ outcome }) => outcome === 'repaired').length;
  return `${counted}: ${findings.length} findings${repair ? `, ${repaired} repaired` : ''}.`;
}
