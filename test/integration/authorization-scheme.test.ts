import { newTokenText } from '../../src/directory/tenants/token-format';
import { type LocalRun, startTestRun } from './local-run';

let run: LocalRun;
beforeAll(async () => {
  run = await startTestRun();
});
afterAll(() => run?.stop());

async function answerTo(authorization: string, path = '/Users') {
  const response = await fetch(`${run.baseUrl}${path}`, { headers: { authorization } });
  const { detail } = (await response.json()) as { detail?: string };
  return { status: response.status, detail };
}

test.each([
  ['without the scheme', '', 'without the scheme "Bearer"'],
  ['with the scheme twice', 'Bearer Bearer ', 'the scheme "Bearer" twice'],
])('a live token %s is 401 and told apart from a wrong one', async (_, prefix, fault) => {
  for (const path of ['/Users', '/Schemas', '/ServiceProviderConfig', '/Me']) {
    expect(await answerTo(`${prefix}${run.token}`, path)).toEqual({
      status: 401,
      detail: expect.stringContaining(fault),
    });
  }
  const wrong = await answerTo(`${prefix}${newTokenText()}`);
  expect(wrong).toEqual({ status: 401, detail: expect.any(String) });
  expect(wrong.detail).not.toContain('is live');
  expect((await answerTo(`Bearer ${run.token}`)).status).toBe(200);
});
