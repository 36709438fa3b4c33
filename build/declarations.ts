import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative } from 'node:path';
import { COMMONJS_ENTRIES, ENTRIES, TESTING_ENTRIES } from './entries';

/**
 * `from './x'`, `import './x'` and `import('./x')`, whose names the compiler leaves as the sources have them; not those
 * of examples in comments.
 */
const SPECIFIER = /(?<!^\s*\*.*)(\bfrom\s+|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\2/gm;

/**
 * Makes the declarations of the package's subpaths: once for ES modules and once for CommonJS, since TypeScript takes a
 * module's kind from the ending of its declaration. The sources import without endings, as bundlers allow; TypeScript
 * under `node16` does not, so each is written out. Only what the subpaths reach is kept. A subpath that is CommonJS
 * alone has its types once, too: a class of two declarations would be two types.
 */
export function buildDeclarations(root: string, folder: string): void {
  const emitted = mkdtempSync(join(tmpdir(), 'scim-types-'));
  try {
    emitDeclarations(root, emitted);
    for (const kind of ['m', 'c'])
      writeReached(emitted, modulesOf({ ...ENTRIES, ...TESTING_ENTRIES }), folder, kind);
    writeReached(emitted, modulesOf(COMMONJS_ENTRIES), folder, 'c');
    for (const module of modulesOf(COMMONJS_ENTRIES)) {
      writeFileSync(join(folder, `${module}.d.mts`), `export * from './${posix.basename(module)}.cjs';\n`);
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

const modulesOf = (entries: Readonly<Record<string, string>>): string[] =>
  Object.values(entries).map((source) => source.replace(/\.ts$/, ''));

/** Writes the declarations of some modules, and of all that they import. */
function writeReached(emitted: string, modules: readonly string[], folder: string, kind: string): void {
  for (const module of reachedFrom(emitted, modules)) {
    const text = readFileSync(join(emitted, `${module}.d.ts`), 'utf8');
    const file = join(folder, `${module}.d.${kind}ts`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withEndings(emitted, module, text, `.${kind}js`));
  }
}

/** Has the compiler write the declarations of the sources that the subpaths reach. */
export function emitDeclarations(root: string, folder: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const config = join(root, 'build/tsconfig.json');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config, '--outDir', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The declarations do not compile:\n${stdout}`);
}

/** The modules that some modules import, themselves among them; named by their path without ending. */
function reachedFrom(emitted: string, entries: readonly string[]): Set<string> {
  const reached = new Set(entries);
  for (const module of reached) {
    const text = readFileSync(join(emitted, `${module}.d.ts`), 'utf8');
    for (const [, , , specifier = ''] of text.matchAll(SPECIFIER)) {
      reached.add(moduleOf(emitted, module, specifier));
    }
  }
  return reached;
}

function withEndings(emitted: string, from: string, text: string, ending: string): string {
  return text.replaceAll(SPECIFIER, (_, before: string, quote: string, specifier: string) => {
    const path = relative(dirname(from), moduleOf(emitted, from, specifier)).replaceAll('\\', '/');
    return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${ending}${quote}`;
  });
}

/** @throws Error when a declaration imports what the compiler did not emit */
function moduleOf(emitted: string, from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier);
  const found = [path, `${path}/index`].find((module) => existsSync(join(emitted, `${module}.d.ts`)));
  if (found === undefined)
    throw new Error(`${from} imports "${specifier}", of which there is no declaration.`);
  return found;
}
