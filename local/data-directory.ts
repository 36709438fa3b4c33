import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalError } from './local-error';

/** Where a local run keeps what. */
export interface DataDirectory {
  /** The engine's SQLite file. */
  readonly dataFile: string;
  readonly positionsFile: string;
  readonly queuesFile: string;
  /** API keys that calls have made. */
  readonly apiKeysFile: string;
  readonly bucketsDirectory: string;
  readonly tokenFile: string;
  /** What signs the webhook's messages. */
  readonly webhookSecretFile: string;
  /** JavaScript made of entry files, unpacked inline code. */
  readonly workDirectory: string;
  /** The directory, when it is a temporary one. */
  readonly temporary: string | undefined;
  /** Lets another local run use it; with a temporary one, removes everything. */
  release(): void;
}

/** What --reset removes. */
const DATA = [
  'data.sqlite',
  'data.sqlite-wal',
  'data.sqlite-shm',
  'data.sqlite-journal',
  'positions.json',
  'queues.json',
  'api-keys.json',
  'buckets',
  'token',
  'webhook-secret',
];

/** A data directory in the system's folder for temporary files, which is removed at the end. */
export function temporaryDataDirectory(): DataDirectory {
  const directory = mkdtempSync(join(tmpdir(), 'serverless-scim-'));
  return {
    ...filesIn(directory),
    temporary: directory,
    release: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/**
 * Takes a data directory for this process.
 *
 * @throws LocalError when another local run uses it: two engines over one file would not see each other's streams
 */
export function openDataDirectory(directory: string, { reset }: { reset: boolean }): DataDirectory {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = join(directory, 'lock');
  takeLock(lock, directory);
  if (reset) for (const name of DATA) rmSync(join(directory, name), { recursive: true, force: true });
  return {
    ...filesIn(directory),
    temporary: undefined,
    release: () => rmSync(lock, { force: true }),
  };
}

const filesIn = (directory: string) => ({
  dataFile: join(directory, 'data.sqlite'),
  positionsFile: join(directory, 'positions.json'),
  queuesFile: join(directory, 'queues.json'),
  apiKeysFile: join(directory, 'api-keys.json'),
  bucketsDirectory: join(directory, 'buckets'),
  tokenFile: join(directory, 'token'),
  webhookSecretFile: join(directory, 'webhook-secret'),
  workDirectory: join(directory, 'work'),
});

function takeLock(lock: string, root: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner)) {
      throw new LocalError(
        `The local run of process ${owner} is using ${root}; stop it first, or start with --memory --port 0 beside it.`,
      );
    }
    writeFileSync(lock, String(process.pid));
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
