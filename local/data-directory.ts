import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from './local-error';

/** Where a local run keeps what. */
export interface DataDirectory {
  /** The engine's SQLite file. */
  readonly dataFile: string;
  readonly positionsFile: string;
  readonly queuesFile: string;
  readonly bucketsDirectory: string;
  readonly tokenFile: string;
  /** What signs the webhook's messages. */
  readonly webhookSecretFile: string;
  /** JavaScript made of entry files, unpacked inline code. */
  readonly workDirectory: string;
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
  'buckets',
  'token',
  'webhook-secret',
];

/**
 * Takes a data directory for this process, or a temporary one below it that is removed at the end.
 *
 * @throws LocalError when another local run uses it: two engines over one file would not see each other's streams
 */
export function openDataDirectory(
  root: string,
  { temporary, reset }: { temporary: boolean; reset: boolean },
): DataDirectory {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  removeLeftovers(root);
  const directory = temporary
    ? join(root, `memory-${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2, 8)}`)
    : root;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = join(directory, 'lock');
  takeLock(lock, root);
  if (reset && !temporary)
    for (const name of DATA) rmSync(join(directory, name), { recursive: true, force: true });
  return {
    dataFile: join(directory, 'data.sqlite'),
    positionsFile: join(directory, 'positions.json'),
    queuesFile: join(directory, 'queues.json'),
    bucketsDirectory: join(directory, 'buckets'),
    tokenFile: join(directory, 'token'),
    webhookSecretFile: join(directory, 'webhook-secret'),
    workDirectory: join(directory, 'work'),
    release() {
      rmSync(temporary ? directory : lock, { recursive: true, force: true });
    },
  };
}

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

/** A local run that was killed could not remove its temporary directory. */
function removeLeftovers(root: string): void {
  for (const name of readdirSync(root)) {
    const owner = /^memory-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(root, name), { recursive: true, force: true });
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
