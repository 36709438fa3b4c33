/**
 * Measures what is done to big groups, at full size, through the endpoints: how long until the answer, and how long
 * until the cleaner has nothing left to do.
 *
 * npm run bench:big-groups -- [--write]
 */

import { enginePackage } from '../../local/dynamodb/engine-binary';
import { cleanUp } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { isTenantId, type ResourceKind } from '../../src/directory/table/keys';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import type { JsonValue } from '../../src/scim/json';
import { ORIGIN } from '../../testing/origin';
import { machine, markdownTable, versionOf, wantsReport, writeSection } from '../../testing/report';
import { significant } from '../../testing/statistics';
import { startBenchTable } from '../engine';
import { idOf, loadPopulation } from './loader';
import { call, patchOf } from './operations';

const USERS = 60_000;
const BIG = 50_000;
const MANY_GROUPS = 5_000;
/** API Gateway waits for an answer this long. */
const GATEWAY_SECONDS = 29;
/**
 * `workerTimeoutSeconds` of the deployment (lib/settings.ts): the function behind the stream has this long for a run.
 */
const CLEANER_SECONDS = 60;

interface Row {
  readonly name: string;
  readonly answer: string;
  readonly seconds: number;
  readonly afterwards: number;
}

async function main(): Promise<void> {
  const tenant = 'bench';
  if (!isTenantId(tenant)) throw new Error('not a tenant id');
  // Group 0 has 50,000 members, group 1 has 10,000, and user 0 is in the 5,000 groups after them.
  const groups = [
    { members: BIG, firstMember: 1 },
    { members: 10_000, firstMember: 1 },
    ...Array.from({ length: MANY_GROUPS }, () => ({ members: 1, firstMember: 0 })),
  ];
  const table = await startBenchTable('scim', (folder) =>
    loadPopulation(folder, 'scim', { tenant, users: USERS, groups }),
  );
  try {
    report(await measureAll({ table: table.table, tenant, origin: ORIGIN, now: () => new Date() }));
  } finally {
    await table.stop();
  }
}

async function measureAll(directory: Directory): Promise<Row[]> {
  const [big, middle] = [`Groups/${idOf('Group', 0)}`, `Groups/${idOf('Group', 1)}`];
  const values = (from: number, count: number): JsonValue =>
    Array.from({ length: count }, (_, position) => ({ value: idOf('User', from + position) }));
  const page = (startIndex: number) => ({
    filter: `groups.value eq "${idOf('Group', 0)}"`,
    startIndex: String(startIndex),
    count: '100',
    excludedAttributes: 'groups',
  });
  const rows: Row[] = [];
  const row = async (name: string, request: () => ReturnType<typeof call>, cleaner?: () => Promise<void>) => {
    process.stderr.write(`${name}\n`);
    const started = performance.now();
    const answer = await request().then(
      ({ status }) => String(status),
      (error: unknown) => {
        const known = scimErrorOf(error);
        return known === undefined ? String(error) : `${known.status} ${known.errorName}`;
      },
    );
    const answered = performance.now();
    await cleaner?.();
    rows.push({
      name,
      answer,
      seconds: (answered - started) / 1_000,
      afterwards: cleaner === undefined ? Number.NaN : (performance.now() - answered) / 1_000,
    });
  };
  await row('add 1,000 members in one PATCH to 50,000', () =>
    call(directory, 'PATCH', big, {}, patchOf('Add', 'members', values(BIG + 1, 1_000))),
  );
  await row('remove 1,000 members in one PATCH from 51,000', () =>
    call(directory, 'PATCH', big, {}, patchOf('Remove', 'members', values(BIG + 1, 1_000))),
  );
  await row('replace 10,000 members by PUT, 9,900 of them the same', () =>
    call(
      directory,
      'PUT',
      middle,
      { excludedAttributes: 'members' },
      { displayName: 'Group 1', members: values(101, 10_000) },
    ),
  );
  await row('replace 10,000 members by PUT, all of them others', () =>
    call(
      directory,
      'PUT',
      middle,
      { excludedAttributes: 'members' },
      { displayName: 'Group 1', members: values(20_000, 10_000) },
    ),
  );
  await row('read a group of 10,000 with its members', () => call(directory, 'GET', middle));
  await row('read a group of 50,000 with its members', () => call(directory, 'GET', big));
  await row('first 100 users of a group of 50,000, by filter', () =>
    call(directory, 'GET', 'Users', page(1)),
  );
  await row('the next 100 users, by filter', () => call(directory, 'GET', 'Users', page(101)));
  await row(
    'delete a group of 50,000',
    () => call(directory, 'DELETE', big),
    () => cleanUpInRuns(directory, 'Group', idOf('Group', 0)),
  );
  await row(
    'delete a user who is in 5,000 groups',
    () => call(directory, 'DELETE', `Users/${idOf('User', 0)}`),
    () => cleanUpInRuns(directory, 'User', idOf('User', 0)),
  );
  return rows;
}

/** What the stream does: a run ends before its function's time is over, and the record is delivered again. */
async function cleanUpInRuns(directory: Directory, kind: ResourceKind, id: string): Promise<void> {
  for (;;) {
    const deadline = Date.now() + 1_000 * CLEANER_SECONDS;
    try {
      await cleanUp({ ...directory, table: directory.table.with({ deadline }) }, kind, id);
      return;
    } catch (error) {
      // A run that gives up early has failed; one that gives up at its end has left the rest to the next.
      if (Date.now() < deadline - 5_000) throw error;
    }
  }
}

function report(rows: readonly Row[]): void {
  const about = `${machine()} ${versionOf(enginePackage())}, endpoints called in the process, one run. The gateway waits ${GATEWAY_SECONDS} s.`;
  const table = markdownTable(
    ['operation', 'answer', 'seconds until the answer', 'seconds of the cleaner afterwards'],
    rows.map(({ name, answer, seconds, afterwards }) => [
      name,
      answer,
      significant(seconds),
      significant(afterwards),
    ]),
  );
  const late = rows.filter(({ seconds }) => seconds > GATEWAY_SECONDS).map(({ name }) => name);
  const verdict =
    late.length === 0
      ? 'Every answer comes within the gateway’s time.'
      : `Too late for the gateway: ${late.join('; ')}.`;
  const markdown = [about, table, verdict].join('\n\n');
  console.log(markdown);
  if (wantsReport()) writeSection('benchmarks/big-groups.md', 'big-groups', markdown);
}

void main();
