import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { PAGE_DOCUMENT } from '../src/setup-api/files';
import { PACKAGE_ROOT } from './package-root';

export { PAGE_DOCUMENT };

/** The pages that a browser is given: their path, under which their files lie, and what is in front of the code. */
const DEFINITIONS = {
  setup: { source: 'console/setup/main.tsx', title: 'Connect your identity provider' },
  console: { source: 'console/operator/main.tsx', title: 'SCIM console' },
} as const;

/** The name of a page, which is the first part of its path: `/setup`, `/setup/<file>`. */
export type PageName = keyof typeof DEFINITIONS;

export const PAGE_NAMES: readonly PageName[] = ['setup', 'console'];

const STYLE = 'console/style/index.css';

/**
 * A folder with a page's files: those built with the package or, where the sources are, built of these now, once per
 * process.
 */
export function pageFolder(name: PageName): string {
  return join(
    existsSync(join(PACKAGE_ROOT, 'console')) ? builtNow() : join(PACKAGE_ROOT, 'dist/pages'),
    name,
  );
}

let built: string | undefined;

function builtNow(): string {
  if (built === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'scim-pages-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    buildPages(folder);
    built = folder;
  }
  return built;
}

/**
 * Makes `<folder>/<page>/` of each page: a document without inline script or style, one script and the style sheet.
 * The document names both below its own path, so that it is right under any stage or base path.
 *
 * @returns the sources that each page is made of; a test looks for those that belong in no browser
 * @throws BuildFailure of esbuild when a source does not compile
 */
export function buildPages(folder: string): ReadonlyMap<PageName, readonly string[]> {
  const sources = new Map<PageName, readonly string[]>();
  for (const name of PAGE_NAMES) {
    const { files, inputs } = bundle(DEFINITIONS[name].source);
    sources.set(name, inputs);
    mkdirSync(join(folder, name), { recursive: true });
    for (const { path, contents } of files) writeFileSync(join(folder, name, basename(path)), contents);
    const names = files.map(({ path }) => basename(path));
    writeFileSync(join(folder, name, PAGE_DOCUMENT), documentOf(name, names));
  }
  return sources;
}

function bundle(source: string): { files: Esbuild.OutputFile[]; inputs: string[] } {
  // Whoever installs the package has the pages, and no esbuild.
  const esbuild = createRequire(join(PACKAGE_ROOT, 'package.json'))('esbuild') as typeof Esbuild;
  const { outputFiles, metafile } = esbuild.buildSync({
    absWorkingDir: PACKAGE_ROOT,
    entryPoints: { page: source, style: STYLE },
    entryNames: '[name]-[hash]',
    outdir: '.',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    platform: 'browser',
    // What has dialogs, `:has()` and Trusted Types or does without: Chrome and Edge, Firefox and Safari of 2023.
    target: ['chrome115', 'firefox121', 'safari16.5'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
  return { files: outputFiles, inputs: Object.keys(metafile.inputs) };
}

function documentOf(page: PageName, files: readonly string[]): string {
  const path = (ending: string) => `${page}/${files.find((file) => file.endsWith(ending))}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${DEFINITIONS[page].title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${path('.css')}">
<script type="module" src="${path('.js')}"></script>
</head>
<body>
<div id="page"></div>
<noscript><p class="no-script">This page needs JavaScript, which this browser has turned off for it. Turn it on, and load the page again.</p></noscript>
</body>
</html>
`;
}
