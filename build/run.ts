import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildFunctions } from '../lib/build-functions';
import { FUNCTION_ENTRIES } from '../lib/functions';
import { buildCode } from './code';
import { buildCommand } from './command';
import { buildDeclarations } from './declarations';

const ROOT = resolve(__dirname, '..');
const DIST = join(ROOT, 'dist');

// npm run build: makes dist/, which is what the package consists of.
rmSync(DIST, { recursive: true, force: true });
buildCode(ROOT, DIST);
buildCommand(ROOT, DIST);
buildDeclarations(ROOT, join(DIST, 'types'));
buildFunctions(FUNCTION_ENTRIES, join(DIST, 'functions'));
cpSync(join(ROOT, 'docs/events'), join(DIST, 'events'), { recursive: true });
