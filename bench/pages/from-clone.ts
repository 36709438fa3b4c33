import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { markdownTable } from '../../testing/report';
import { Command } from './commands';
import { PlayedProvider } from './identity-provider';
import { type Reached, Reader } from './reader';

const REPOSITORY = join(__dirname, '..', '..');
/** The last line that `npm start` prints when it answers. */
const STARTED = 'Ctrl-C stops it.';

/**
 * Has somebody who has nothing yet go from a clone of this repository, as it is committed, to the first user of an Okta
 * that is played: by the very commands, each in a process of its own, and by the set-up page.
 */
export async function fromClone(browser: Browser): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'scim-newcomer-'));
  const clone = join(folder, 'serverless-scim');
  const steps: (readonly [name: string, seconds: number])[] = [];
  const timed = async <Result>(name: string, work: Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    const result = await work;
    steps.push([name, (performance.now() - begun) / 1000]);
    return result;
  };
  const run = (...words: readonly string[]) => new Command(clone, words).done();
  let start: Command | undefined;
  try {
    await timed(
      '`git clone`, from this disk',
      new Command(folder, ['git', 'clone', REPOSITORY, clone]).done(),
    );
    await timed("`npm ci`, with what npm's cache has", run('npm', 'ci', '--no-audit', '--no-fund'));
    start = new Command(clone, ['npm', 'start', '--', '--memory', '--port', '0']);
    await timed('`npm start`, until it answers', start.prints(STARTED));
    const making = run('npm', 'run', 'admin', '--', 'setup-link', 'create', 'dev', '--for', 'me');
    const url = linkIn(await timed('`npm run admin -- setup-link create`', making));
    const [connected, user] = await toFirstUserOfOkta(browser, url);
    steps.push([`the page: ${connected.clicks} clicks to a connected Okta`, connected.seconds]);
    steps.push([
      `the page: ${user.clicks - connected.clicks} more, to the first person`,
      user.seconds - connected.seconds,
    ]);
    const seconds = steps.reduce((sum, [, each]) => sum + each, 0);
    return [
      `Run once, of the last commit, in Chromium ${browser.version()}; 4 commands and ${user.clicks} clicks:`,
      markdownTable(
        ['step', 'seconds'],
        [...steps, [`together: ${(seconds / 60).toFixed(1)} minutes`, seconds] as const].map(
          ([name, each]) => [name, each.toFixed(1)],
        ),
      ),
    ].join('\n\n');
  } finally {
    await start?.interrupt();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the command has printed no link */
function linkIn(printed: string): string {
  const [url] = /https?:\/\/[\w.:/-]+#scimsetup_[\w-]+/.exec(printed) ?? [];
  if (url === undefined) throw new Error('The command has printed no link.');
  return url;
}

async function toFirstUserOfOkta(
  browser: Browser,
  url: string,
): Promise<[connected: Reached, user: Reached]> {
  const reader = await Reader.open(browser, url);
  await reader.press(/^Okta/);
  await reader.press(/^SAML or SWA application/);
  await reader.goOnTo('Enter the connection');
  await reader.press('Make the token');
  const baseUrl = await reader.copy('SCIM connector base URL');
  const okta = new PlayedProvider(baseUrl, await reader.copy('Authorization'));
  await reader.press('I have pasted it');
  await reader.goOnTo('Test the connection');
  await okta.looksFor('userName eq "test.user@acme.example"');
  await reader.isConnected();
  const connected = reader.reached();
  await reader.goOnTo('Assign the first person');
  await okta.provisions('ada@acme.example');
  await reader.showsArrived('ada@acme.example');
  const user = reader.reached();
  await reader.leave();
  return [connected, user];
}
