import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { main } from '../../../cli/main';
import { toJson, toMarkdown, toText } from '../../../cli/verify-report';
import { type Verification, verify } from '../../../src/admin/verify/run';
import { createTemporaryTenant, LIFETIME_MS } from '../../../src/admin/verify/temporary-tenant';
import { createTenant, listTenants, readTenantId } from '../../../src/directory/tenants/tenants';
import { issueToken } from '../../../src/directory/tenants/tokens';
import { clientOf, userBody } from '../../integration/client';
import { tableOf } from '../../integration/tenants';
import { startBrokenGateway } from './broken-gateway';
import { startDeployment, type TestDeployment } from './deployment';
import { BREAKAGES, slowReads } from './faults';

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());

/** Every item of the table that names a tenant, the tokens included. */
async function itemsOf(tenant: string): Promise<object[]> {
  const { items } = await tableOf(deployment.run).scan({ part: 0, parts: 1 });
  const place = ({ pk, sk }: (typeof items)[number]) => `${pk} ${sk}`;
  return items
    .filter((item) => JSON.stringify(item).includes(tenant))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Whoever pulls events is told the end of a tenant: of its events that one is kept, and that it has been kept. */
function isNotItsEnd(item: { pk?: unknown; events?: unknown; ids?: unknown }): boolean {
  if (typeof item.pk !== 'string' || !item.pk.startsWith('EVENTS#')) return true;
  if (typeof item.events !== 'string') return item.ids === undefined;
  const events: { type: string }[] = JSON.parse(item.events);
  return events.some(({ type }) => type !== 'tenant.deleted');
}

/** The log comes from the stream, a moment after the answer. */
async function untilLogged(tenant: string, types: readonly string[]): Promise<void> {
  for (;;) {
    const items = JSON.stringify(await itemsOf(tenant));
    if (types.every((type) => items.includes(`"${type}"`))) return;
    await delay(20);
  }
}

const failed = ({ results }: Verification) => results.filter(({ outcome }) => outcome === 'failed');

async function admin(...words: string[]) {
  const [out, errors]: [string[], string[]] = [[], []];
  const target = await deployment.target();
  const code = await main(words, {
    out: (text) => out.push(text),
    error: (text) => errors.push(text),
    findTarget: async () => target,
  });
  return { code, out: out.join('\n'), error: errors.join('\n') };
}

describe('against the local run', () => {
  // The sweep comes a minute after the deletion: all other tests go on meanwhile.
  let everything: Promise<Verification>;
  const progress: string[] = [];
  beforeAll(async () => {
    const target = await deployment.target();
    // No test may depend on how fast this machine is.
    const limits = { answerMs: 60_000, samples: 3 };
    everything = verify(target, { limits, progress: (text) => progress.push(text) });
  });

  test.each(BREAKAGES)('$what: exactly these rows fail', async ({ fault, only, fails, streamMs }) => {
    const gateway = await startBrokenGateway(deployment.run.baseUrl, fault(deployment.run.token));
    try {
      const limits = streamMs === undefined ? {} : { streamMs };
      const verification = await verify(await deployment.target(gateway.baseUrl), { only, limits });
      const ids = failed(verification).map(({ id }) => id);
      expect(ids.sort()).toEqual([...fails].sort());
    } finally {
      await gateway.stop();
    }
  });

  test('answers that are too late fail the row of the latency, which names the operation', async () => {
    const gateway = await startBrokenGateway(deployment.run.baseUrl, slowReads(1_000));
    try {
      const { results, latencies } = await verify(await deployment.target(gateway.baseUrl), {
        only: ['latency'],
        limits: { answerMs: 900, samples: 2 },
      });
      expect(results[0]).toMatchObject({
        outcome: 'failed',
        detail: expect.stringMatching(/GET \/Users\/\{id\} \d+ ms/),
      });
      expect(latencies.map(({ operation }) => operation)).toContain('PATCH /Groups/{id}');
    } finally {
      await gateway.stop();
    }
  });

  test('another tenant is byte for byte what it was, and nothing of the run is left', async () => {
    const table = tableOf(deployment.run);
    const tenant = readTenantId('bystander');
    await createTenant(table, { tenantId: tenant, name: 'Bystander' });
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { text } = await issueToken(table, { tenant, label: 'x', scope: 'write', expiresAt });
    const scim = clientOf(deployment.run.baseUrl, text);
    const { id } = (await scim('POST', '/Users', userBody('ann@example.com'))).body;
    await scim('POST', '/Groups', { displayName: 'Staff', members: [{ value: id }] });
    await untilLogged('bystander', ['user.created', 'group.created', 'member.added']);
    const before = await itemsOf('bystander');
    expect(before.length).toBeGreaterThan(8);

    // Two runs at once, in tenants of their own.
    const only = [
      'entra',
      'okta',
      'errors',
      'http',
      'lists',
      'bulk',
      'concurrency',
      'offboarding.deactivation',
    ];
    const runs = await Promise.all(
      [1, 2].map(async () => verify(await deployment.target(), { only, limits: { samples: 1 } })),
    );

    for (const { results } of runs) expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(await itemsOf('bystander')).toEqual(before);
    for (const { results } of runs) {
      const { detail = '' } = results.at(-1) ?? {};
      const tenants = detail.match(/verify-[0-9a-f]{16}/g) ?? [];
      expect(tenants).toHaveLength(2);
      for (const name of tenants) expect((await itemsOf(name)).filter(isNotItsEnd)).toEqual([]);
    }
  });

  test('what a run that was killed has left behind is removed an hour later, and nobody else', async () => {
    const table = tableOf(deployment.run);
    const [now, longAgo] = [new Date(), new Date(Date.now() - LIFETIME_MS - 1_000)];
    const leftOver = await createTemporaryTenant(table, longAgo);
    const underWay = await createTemporaryTenant(table, now);
    const customer = readTenantId('verify-0123456789abcdef');
    await createTenant(table, { tenantId: customer, name: 'A customer of that name', now: longAgo });

    await verify(await deployment.target(), { only: ['errors.501'] });

    const tenants = (await listTenants(table)).map(({ tenantId }) => tenantId);
    expect(tenants).not.toContain(leftOver);
    expect(tenants).toEqual(expect.arrayContaining([underWay, customer]));
    expect((await itemsOf(leftOver)).filter(isNotItsEnd)).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends a run in order: its tenants are removed',
    async (signal) => {
      const child = spawn(
        process.execPath,
        [
          '--import',
          'tsx',
          join(__dirname, '../../../bin/serverless-scim.ts'),
          'verify',
          '--only',
          'offboarding',
        ],
        { env: { ...process.env, SCIM_LOCAL_DIRECTORY: deployment.directory }, stdio: 'pipe' },
      );
      const ended = once(child, 'exit');
      const said: string[] = [];
      child.stdout.resume();
      for await (const line of createInterface({ input: child.stderr })) {
        said.push(line);
        // From now on it waits for the sweep, for a minute.
        if (line.startsWith('Working in the temporary tenants')) child.kill(signal);
      }

      expect((await ended)[0]).toBe(1);
      const [last = ''] = said.slice(-1);
      expect(last).toMatch(/^Interrupted\. verify-\w+ and verify-\w+ are gone$/);
      for (const name of last.match(/verify-[0-9a-f]{16}/g) ?? [])
        expect((await itemsOf(name)).filter(isNotItsEnd)).toEqual([]);
    },
  );

  test('nobody at the base URL is told at once, and nothing is created', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));

    const run = verify(await deployment.target(`http://127.0.0.1:${port}/scim/v2`));

    await expect(run).rejects.toThrow(/cannot be reached \(.*ECONNREFUSED.*\); nothing was created/);
  });

  test('a table without a gateway cannot be verified', async () => {
    const target = { ...(await deployment.target()), baseUrl: undefined };

    await expect(verify(target)).rejects.toThrow('name a stack with --stack');
  });

  test('a check that does not exist is refused, and the accepted ones are named', async () => {
    const { code, error } = await admin('verify', '--only', 'entra,colours');

    expect([code, error]).toEqual([1, expect.stringMatching(/no check "colours"; discovery, entra, /)]);
  });

  test('a report that cannot be written is told before anything is done', async () => {
    const { code, error } = await admin('verify', '--report', join(deployment.directory, 'absent', 'x.md'));

    expect([code, error]).toEqual([1, expect.stringMatching(/^The report cannot be written: .*ENOENT/)]);
  });

  test('--json has every row, with its reason, and --report keeps the tables', async () => {
    const report = join(deployment.directory, 'verify.md');
    const { code, out } = await admin(
      'verify',
      '--only',
      'errors.429, errors.501',
      '--json',
      '--report',
      report,
    );

    expect(code).toBe(0);
    expect(readFileSync(report, 'utf8')).toMatch(/^\| skipped \| errors\.429 \| .* \| .*--throttle \|$/m);
    expect(JSON.parse(out)).toMatchObject({
      passed: 2,
      failed: 0,
      skipped: 1,
      checks: [
        { id: 'errors.429', outcome: 'skipped', detail: expect.stringContaining('--throttle') },
        { id: 'errors.501', outcome: 'passed' },
        { id: 'cleanup.tenants', outcome: 'passed' },
      ],
    });
  });

  test('everything passes but what only AWS has, and no token is told', async () => {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    void everything.then(end, end);
    // What the sweep looks for is old enough up to a minute before its next time.
    for (; !isOver; await delay(500)) await deployment.run.runSchedules();
    const verification = await everything;
    const text = toText(verification);

    expect(failed(verification)).toEqual([]);
    const skippedIds = verification.results.flatMap(({ id, outcome }) => (outcome === 'skipped' ? [id] : []));
    expect(skippedIds.filter((id) => !id.startsWith('stack.'))).toEqual([
      'errors.429',
      'http.tls',
      'limits.tenant',
      'oauth.metadata',
    ]);
    expect(text).toMatch(/^RESULT +CHECK +WHAT$/m);
    expect(text).toMatch(/^ok +offboarding\.cleanup-sweep /m);
    expect(text).toMatch(/^skipped +stack\.alarms /m);
    expect(text).toMatch(/^OPERATION +REQUESTS +FIRST \(MS\) +P50 \(MS\) +P99 \(MS\)$/m);
    expect(toMarkdown(verification)).toMatch(/^\| ok \| entra\.user \| .* \|/m);
    expect(
      [text, toMarkdown(verification), JSON.stringify(toJson(verification)), ...progress].join(),
    ).not.toContain('scim_');
  });
});
