import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalRun, startLocal } from '../../local/run';
import { readCurl } from './curl';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'quick-start.md'), 'utf8');
/** Each command, with the status that the sentence before it promises. */
const commands = [
  ...page.matchAll(/\*\*([^*]+)\*\*[^`]*?(\d{3})\b(?:(?!```)[\s\S])*```sh\n(curl [\s\S]*?)```/g),
].map(([, title = '', status = '', command = '']) => ({
  title,
  status: Number(status),
  command: command.trim(),
}));

let run: LocalRun;
beforeAll(async () => {
  run = await startLocal({ port: 0, memory: true });
});
afterAll(() => run.stop());

test('the five commands of the page answer as it says, one after the other', async () => {
  const variables: Record<string, string> = { BASE: run.baseUrl, TOKEN: run.token };
  const answers: { title: string; status: number; body: Record<string, unknown> }[] = [];

  for (const { title, command } of commands) {
    const { url, ...init } = readCurl(command, variables);
    const response = await fetch(url, init);
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    answers.push({ title, status: response.status, body });
    variables.USER_ID ??= String(body.id);
  }

  expect(answers).toHaveLength(5);
  expect(answers.map(({ title, status }) => ({ title, status }))).toEqual(
    commands.map(({ title, status }) => ({ title, status })),
  );
  const [joined, found, team, left] = answers.map(({ body }) => body);
  expect(found).toMatchObject({ totalResults: 1, Resources: [{ id: joined?.id }] });
  expect(team).toMatchObject({ members: [{ value: joined?.id }] });
  expect(left).toMatchObject({ id: joined?.id, active: false });
});

test('an option of curl that the test does not read is told', () => {
  expect(() => readCurl('curl --insecure "$BASE"', { BASE: 'x' })).toThrow('--insecure');
  expect(() => readCurl('curl "$ELSEWHERE"', {})).toThrow('$ELSEWHERE');
});
