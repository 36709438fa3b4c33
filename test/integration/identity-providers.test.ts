import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LocalRun, startLocal } from '../../local/run';

/** Recorded traffic of Entra ID, Okta and authentik, kept beside the checkout. */
const REPLAY = join(__dirname, '..', '..', '..', 'shared', 'idp', 'replay.mjs');
const present = existsSync(REPLAY);
if (!present) console.warn(`Skipped: the identity providers' traces are not at ../shared/idp.`);

(present ? describe : describe.skip)('recorded traffic of identity providers', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await startLocal({ port: 0, memory: true });
  });
  afterAll(() => run?.stop());

  it('is answered as each of them needs it, step by step', async () => {
    const env = { ...process.env, BASE_URL: run.baseUrl, TOKEN: run.token, QUIET: '1' };
    const { stdout } = await promisify(execFile)(process.execPath, [REPLAY], {
      env,
      maxBuffer: 2 ** 24,
    }).catch((error) => ({
      stdout: String(error.stdout ?? error),
    }));

    expect(stdout).toMatch(/\n[1-9]\d* passed, 0 failed\n/);
  });
});
