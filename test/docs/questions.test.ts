import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../cli/main';
import { tableDeployment } from '../../src/admin/deployment';
import { mapGroup } from '../../src/admin/roles';
import { createSetupLink, revokeSetupLink } from '../../src/admin/setup-links';
import { createToken } from '../../src/admin/tokens';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import { recordRefusals } from '../../src/directory/log/refusals';
import { tokenOrigin } from '../../src/directory/resources/origin';
import { Table } from '../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { logChanges } from '../../src/events/log/log-changes';
import { SessionStore } from '../../src/sessions';
import { userAttributes } from '../../testing/directory';
import { newWorld, runConsumers, runSweeps, type World } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';

/*
 * "Questions you will be asked" of docs/operations.md: each command, run in the state that the questions come from,
 * prints the lines that the page shows. A new question is a row there, and what it needs in `ask` below.
 */

interface Question {
  readonly question: string;
  readonly command: string;
  readonly answer: readonly string[];
}

const QUESTIONS = questionsIn(readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8'));

/** The rows of the table: a question, a command and the lines of its answer, each in backticks. */
function questionsIn(page: string): Question[] {
  const [, table = ''] = /^\| question \|.*\n\|[-| ]+\n((?:\|.*\|\n)+)/m.exec(page) ?? [];
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [, question = '', command = '', answer = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { question, command: spansIn(command)[0] ?? '', answer: spansIn(answer) };
    });
}

function spansIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

let world: World;
/** As the page names a token. */
const TOKEN_ID = 'kX2abCdEf';
let tokenId: string;
let leaverId: string;
/** As the page names a link. */
const LINK_ID = '0aB3dE5fG';
let linkId: string;

const HOUR_MS = 3_600_000;

/** The state that is asked about: one who was deactivated, one who was deleted, both within the hour, one who works. */
beforeEach(async () => {
  world = await newWorld();
  world.clock.ms = Date.now() - 3 * HOUR_MS;
  const changes = streamOf(world.store);
  const { table, tenant } = world;
  const token = await createToken(deployment(), { tenantId: tenant, label: 'entra' });
  ({ tokenId } = token);
  const found = await findToken(table, token.token, new Date());
  if ('token' in found) await recordTokenUse(table, token.token, found.token, new Date());
  const request = () => {
    world.clock.ms += HOUR_MS / 6;
    return { ...world.directory, origin: tokenOrigin(tokenId, randomUUID()) };
  };
  const hire = (name: string, displayName: string) =>
    createUser(request(), userAttributes(`${name}@example.com`, { displayName }));
  const jane = await hire('jane', 'Jane Doe');
  const joe = await hire('joe', 'Joe Roe');
  const leaver = await hire('ann', 'Ann Poe');
  const group = await createGroup(request(), { displayName: 'Engineering' }, [{ id: jane.id }]);
  await modifyGroup(request(), group.id, undefined, {
    base: 'keep',
    add: new Map([[joe.id, {}]]),
    remove: new Set(),
  });
  await mapGroup(deployment(), { tenantId: tenant, group: 'Engineering', roles: ['admin', 'editor'] });
  const link = await createSetupLink(deployment(), { tenantId: tenant, for: 'IT of Acme' });
  ({ linkId } = await revokeSetupLink(deployment(), { tenantId: tenant, linkId: link.linkId }));
  await new SessionStore(table).issue(tenant, joe.id, { label: 'Firefox on Linux' });
  world.clock.ms = Date.now() - HOUR_MS;
  await modifyUser(request(), jane.id, (attributes) => ({ ...attributes, active: false }));
  await deleteUser(request(), leaver.id);
  await runConsumers(world);
  const { origin } = request();
  const refusal = {
    type: 'request.refused',
    method: 'POST',
    route: '/v2/Users',
    status: 409,
    scimType: 'uniqueness',
    detail: 'Another user has the userName "…".',
  } as const;
  await recordRefusals(table, tenant, origin, [refusal], new Date(), DEFAULT_TENANT_SETTINGS);
  await logChanges(table, changes.splice(0));
  await runSweeps(world);
  leaverId = leaver.id;
  // DynamoDB counts every six hours.
  jest.spyOn(Table.prototype, 'approximateItemCount').mockResolvedValue(0);
});

const deployment = () => ({
  ...tableDeployment('http://memory.invalid', 'memory', 'grace'),
  table: world.table,
});

async function ask(command: string): Promise<string[]> {
  const given = command.replace('<user id>', leaverId).replace(TOKEN_ID, tokenId);
  const words = [...given.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  const out: string[] = [];
  const code = await main(words, {
    out: (text) => out.push(...text.split('\n')),
    error: (text) => out.push(...text.split('\n')),
    findTarget: async () => deployment(),
  });
  expect({ code, out }).toEqual({ code: 0, out });
  return out;
}

/** A line without what differs from one service to the next: times, ids, and how wide columns are. */
const formOf = (line: string): string =>
  line
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, 'TIME')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(tokenId, 'TOKEN')
    .replaceAll(TOKEN_ID, 'TOKEN')
    .replaceAll(linkId, 'LINK')
    .replaceAll(LINK_ID, 'LINK')
    .replace(/(?<![\w-])[\w-]{22}(?![\w-])/g, 'SESSION')
    .replace(/^\d+ items/, 'some items')
    .replace(/\s+/g, ' ')
    .trim();

test.each(QUESTIONS)('$question', async ({ command, answer }) => {
  const printed = (await ask(command)).map(formOf);

  expect(answer.length).toBeGreaterThan(0);
  for (const line of answer) expect(printed).toContainEqual(expect.stringContaining(formOf(line)));
});

test('there are as many questions as rows, each with a command', () => {
  expect(QUESTIONS.length).toBeGreaterThan(8);
  for (const { command } of QUESTIONS) expect(command).not.toBe('');
});
