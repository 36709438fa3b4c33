/**
 * Measures what a tenant notices of a flood of requests by somebody who has no token, in the local run: with the
 * stage's throttle alone, and with `webAcl=rate` before it. All limits are a twentieth of the defaults, so that one
 * machine can exceed them; the flood is as many times above them as it would have to be above the real ones.
 *
 * npm run bench:flood -- [--write]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LocalRun, startLocal } from '../../local/run';
import { newTokenText } from '../../src/directory/tenants/token-format';
import { machine, markdownTable, wantsReport, writeSection } from '../../testing/report';
import { quantile, significant } from '../../testing/statistics';
import { type Flood, startFlood } from './flood';
import { type Noticed, watchTenant } from './tenant';

const SCALE = 20;
const THROTTLE_RATE = 1_000 / SCALE;
const THROTTLE_BURST = 2_000 / SCALE;
const WEB_ACL_RATE = 12_000 / SCALE;
const FLOOD_RATE = 4 * THROTTLE_RATE;
/** Until the burst and the web ACL's minute are used up. */
const HEAD_START_MS = 5_000;
/** An address of the loopback network, so that the flood has another one than the tenant. */
const OTHER_ADDRESS = '127.0.0.2';

interface Scenario {
  readonly name: string;
  readonly webAcl: 'none' | 'rate';
  readonly flood: Flood | undefined;
  /** What the tenant asks for. */
  readonly path: string;
}

const WITHOUT_TOKEN: Flood = { path: '/Users', rate: FLOOD_RATE, token: () => undefined, from: undefined };
/** Of the right form, checksum included: only the table knows that nobody has them. */
const MADE_UP_TOKENS: Flood = { ...WITHOUT_TOKEN, token: newTokenText, from: OTHER_ADDRESS };

const SCENARIOS: readonly Scenario[] = [
  { name: 'no flood', webAcl: 'none', flood: undefined, path: '/Users?count=1' },
  { name: 'without a token, same method', webAcl: 'none', flood: WITHOUT_TOKEN, path: '/Users?count=1' },
  { name: 'without a token, another method', webAcl: 'none', flood: WITHOUT_TOKEN, path: '/Groups?count=1' },
  { name: 'made-up tokens, same method', webAcl: 'none', flood: MADE_UP_TOKENS, path: '/Users?count=1' },
  { name: 'without a token, same method', webAcl: 'rate', flood: WITHOUT_TOKEN, path: '/Users?count=1' },
  { name: 'made-up tokens, same method', webAcl: 'rate', flood: MADE_UP_TOKENS, path: '/Users?count=1' },
];

async function main(): Promise<void> {
  const hasOther = await canUse(OTHER_ADDRESS);
  if (!hasOther)
    console.error(
      `Left out: this machine has no ${OTHER_ADDRESS} (sudo ifconfig lo0 alias ${OTHER_ADDRESS}).`,
    );
  const rows: string[][] = [];
  for (const webAcl of ['none', 'rate'] as const) {
    const assembly = synthesize(webAcl);
    try {
      for (const scenario of SCENARIOS) {
        if (scenario.webAcl !== webAcl || (scenario.flood?.from !== undefined && !hasOther)) continue;
        console.error(`${webAcl}: ${scenario.name}`);
        rows.push(row(scenario, await measure(scenario, assembly)));
      }
    } finally {
      rmSync(assembly, { recursive: true });
    }
  }
  report(rows);
}

/**
 * A local run of its own for each: a throttle that was used up, or a minute that was counted, must not be left over.
 */
async function measure({ flood, path }: Scenario, assembly: string): Promise<Noticed> {
  const run: LocalRun = await startLocal({ port: 0, memory: true, assembly });
  const stopFlood = flood === undefined ? undefined : startFlood(run.baseUrl, flood);
  try {
    if (flood !== undefined) await delay(HEAD_START_MS);
    return await watchTenant(run, path);
  } finally {
    await stopFlood?.();
    await run.stop();
  }
}

function synthesize(webAcl: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'scim-flood-'));
  const settings = {
    webAcl,
    webAclRate: WEB_ACL_RATE,
    throttleRate: THROTTLE_RATE,
    throttleBurst: THROTTLE_BURST,
  };
  const context = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/scim.ts', ...context], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, CDK_OUTDIR: folder },
    stdio: 'inherit',
  });
  return folder;
}

function canUse(address: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

function row(
  { name, webAcl, flood }: Scenario,
  { milliseconds, requests, throttled, unanswered }: Noticed,
): string[] {
  const percent = (count: number) => `${significant((100 * count) / requests)} %`;
  return [
    name,
    webAcl,
    flood === undefined ? '-' : `${flood.rate}/s`,
    percent(throttled),
    percent(unanswered),
    significant(quantile(milliseconds, 0.5)),
    significant(quantile(milliseconds, 0.99)),
  ];
}

function report(rows: readonly string[][]): void {
  const table = markdownTable(
    ['flood', 'webAcl', 'rate', 'answered 429 at first', 'still 429 after 3 repetitions', 'p50 ms', 'p99 ms'],
    rows,
  );
  const limits = `Limits, a ${SCALE}th of the defaults: ${THROTTLE_RATE} requests/s and a burst of ${THROTTLE_BURST} per method, ${WEB_ACL_RATE} requests per minute and address. The times are those of requests with their repetitions after \`Retry-After\`. Local run, not AWS.`;
  const text = `${machine()} ${limits}\n\n${table}`;
  console.log(text);
  if (wantsReport()) writeSection('benchmarks/flood.md', 'flood', text);
}

void main();
