import { type CheckedTable, checkTable, type ShownFinding } from '../src/admin/check';
import type { Command } from './command';
import { everyFewSeconds } from './progress';

export const CHECK: Command = {
  arguments: ['[tenant]'],
  summary: 'look for broken invariants in the whole table',
  options: {
    repair: { type: 'boolean', help: 'repair what can be repaired, by conditional writes' },
  },
  examples: ['check', 'check acme --json', 'check --stack Scim --repair'],
  async run({ deployment, arguments: [tenantId], options, progress }) {
    const repair = options.repair === true;
    const tell = everyFewSeconds(progress);
    const result = await checkTable(deployment, {
      tenantId,
      repair,
      onProgress: (scan) => tell(scan, `${scan.suspects} to look at again`),
    });
    const isRepaired = result.findings.every(({ outcome }) => outcome === 'repaired');
    return {
      json: result,
      text: [...result.findings.map(toLine), summaryOf(result, repair)].join('\n'),
      exitCode: isRepaired ? 0 : 1,
    };
  },
};

function toLine({ code, item, detail, means, repair, outcome }: ShownFinding): string {
  const what = outcome === 'repaired' ? `repaired: ${repair}` : `${outcome}; --repair: ${repair}`;
  return `${code}  ${item}${detail === undefined ? '' : `  (${detail})`}\n  ${means}; ${what}`;
}

function summaryOf({ scanned, tenants, findings }: CheckedTable, repair: boolean): string {
  const counted = `${scanned} items of ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`;
  if (findings.length === 0) return `${counted}: nothing is broken.`;
  const repaired = findings.filter(({ outcome }) => outcome === 'repaired').length;
  return `${counted}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}${repair ? `, ${repaired} repaired` : ''}.`;
}
