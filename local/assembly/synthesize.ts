import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isRecord, type JsonRecord, parseJson, recordOf } from '../json';
import { LocalError } from '../local-error';

/** What cannot change the template or a bundle, and would only cost time or change by itself. */
const NOT_SOURCES = new Set([
  'node_modules',
  'cdk.out',
  'coverage',
  'dist',
  'docs',
  'test',
  'testing',
  'bench',
  'local',
  'cli',
  'examples',
]);
const ASSEMBLIES_KEPT = 3;
const MANIFEST = 'manifest.json';

export interface SynthesizeOptions {
  /** Folder that holds cdk.json. */
  readonly projectDirectory: string;
  /** Folder below which assemblies are kept, one a state of the sources. */
  readonly cacheDirectory: string;
  /** Settings of the app, where cdk.json does not say otherwise. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Takes what the app prints. */
  readonly onOutput?: (text: string) => void;
}

/**
 * The directory of the cloud assembly that the app named in `cdk.json` synthesizes, as `cdk synth` would make it.
 *
 * The assembly is kept under a digest of the sources, so that a second start, and each of many tests that start a
 * local run of their own, need not synthesize again. Two processes that synthesize at once each write a folder of
 * their own; the first one to finish gives it its final name.
 *
 * @throws LocalError when there is no app, or with the end of its output when it fails
 */
export async function synthesize(options: SynthesizeOptions): Promise<string> {
  const { projectDirectory, cacheDirectory, settings = {} } = options;
  const configuration = parseJson(await readFile(join(projectDirectory, 'cdk.json'), 'utf8').catch(() => ''));
  const app = isRecord(configuration) ? configuration.app : undefined;
  if (typeof app !== 'string') {
    throw new LocalError(`There is no cdk.json with an "app" in ${projectDirectory}.`);
  }
  const assembly = join(cacheDirectory, await digestOfSources(projectDirectory, settings));
  if (await exists(join(assembly, MANIFEST))) {
    await utimes(assembly, new Date(), new Date());
    return assembly;
  }
  await mkdir(cacheDirectory, { recursive: true });
  const unfinished = `${assembly}.${process.pid}.${Date.now()}`;
  await runApp(
    app,
    unfinished,
    { ...settings, ...contextHere(recordOf(recordOf(configuration).context)) },
    options,
  );
  await rename(unfinished, assembly).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(join(assembly, MANIFEST)))) throw error;
  });
  await removeOldAssemblies(cacheDirectory);
  return assembly;
}

/**
 * The context that is kept in cdk.json, without a table that a deployment takes up: none of AWS' tables is here, and
 * the app makes one of its own then, as it did before.
 */
const contextHere = (context: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(context).filter(([name]) => !OF_TABLES_ELSEWHERE.has(name)));

const OF_TABLES_ELSEWHERE = new Set(['tableStreamArn', 'tableKeyArn']);

async function runApp(
  app: string,
  outputDirectory: string,
  context: object,
  { projectDirectory, onOutput }: SynthesizeOptions,
): Promise<void> {
  // `npx` only finds the command, and takes a second to do so; the project's own bin folder is where it would find it.
  const command = app.replace(/^npx\s+/, '');
  const child = spawn(command, {
    shell: true,
    cwd: projectDirectory,
    env: {
      ...process.env,
      PATH: `${join(projectDirectory, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
      CDK_OUTDIR: outputDirectory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:disable-version-check': true }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString('utf8');
    onOutput?.(chunk.toString('utf8'));
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) {
    await rm(outputDirectory, { recursive: true, force: true });
    throw new LocalError(
      `"${app}" failed to synthesize the stack (exit status ${status}):\n${output.slice(-4000).trim()}`,
    );
  }
}

/** A digest of the settings, and of the path and content of every file that the app could read. */
async function digestOfSources(projectDirectory: string, settings: object): Promise<string> {
  const hash = createHash('sha256').update(process.version).update(JSON.stringify(settings));
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(join(projectDirectory, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.md')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (folder !== '' || !NOT_SOURCES.has(entry.name)) await visit(path);
      } else if (entry.isFile()) {
        hash.update(`\0${path}\0`).update(await readFile(join(projectDirectory, path)));
      }
    }
  };
  await visit('');
  return hash.digest('hex').slice(0, 16);
}

async function removeOldAssemblies(cacheDirectory: string): Promise<void> {
  const finished = (await readdir(cacheDirectory)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const aged = await Promise.all(
    finished.map(async (name) => ({ name, at: (await stat(join(cacheDirectory, name))).mtimeMs })),
  );
  aged.sort((a, b) => b.at - a.at);
  // Young ones stay whatever their number: another local run may just be starting from one.
  const old = aged.slice(ASSEMBLIES_KEPT).filter(({ at }) => Date.now() - at > 3_600_000);
  await Promise.all(old.map(({ name }) => rm(join(cacheDirectory, name), { recursive: true, force: true })));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
