import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildPages } from '../lib/pages';
import { buildCode } from './code';
import { buildCommand } from './command';
import { buildDeclarations } from './declarations';
import { buildFunctionBundles } from './functions';
import { buildLocal } from './local';
import { buildStacks } from './stacks';
import { buildTesting } from './testing';

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');

// npm run build: makes dist/, which is what the package consists of.
async function main(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  buildCode(ROOT, DIST);
  buildCommand(ROOT, DIST);
  buildDeclarations(ROOT, join(DIST, 'types'));
  for (const schemas of ['docs/events', 'docs/policy'])
    cpSync(join(ROOT, schemas), join(DIST, 'events'), { recursive: true });
  buildPages(join(DIST, 'pages'));
  buildFunctionBundles(join(DIST, 'functions'));
  buildStacks(join(DIST, 'functions'), join(DIST, 'local/stacks'));
  await buildLocal(ROOT, join(DIST, 'local'));
  await buildTesting(ROOT, DIST);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
