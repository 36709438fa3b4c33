import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/package-root';
import { isRecord, parseJson } from './json';
import { isRepository } from './program';

/** The folder of a local run that was told of no other: the repository's, or the package's in the working directory. */
export const DEFAULT_LOCAL_DIRECTORY = isRepository ? '.local' : '.serverless-scim';
const DEFAULT_PATH = join(isRepository ? PACKAGE_ROOT : process.cwd(), DEFAULT_LOCAL_DIRECTORY);

/** Where a local run keeps its data. */
export const LOCAL_DIRECTORY = process.env.SCIM_LOCAL_DIRECTORY || DEFAULT_PATH;

/** Where the running local run describes itself. It holds a token. */
export const RUN_FILE = join(LOCAL_DIRECTORY, 'run.json');

/** Writes the run file, for this user alone. */
export function writeRunFile(description: object): void {
  const content = JSON.stringify({ ...description, pid: process.pid }, undefined, 2);
  writeFileSync(RUN_FILE, `${content}\n`, { mode: 0o600 });
}

/** Removes the run file, unless another local run (--memory) has written its own meanwhile. */
export function removeRunFile(): void {
  try {
    const content = parseJson(readFileSync(RUN_FILE, 'utf8'));
    if (isRecord(content) && content.pid === process.pid) rmSync(RUN_FILE);
  } catch {
    // It is gone already.
  }
}

/** Makes the folder, before anything is in it that must not get into an application's repository: tokens, people. */
export function makeLocalDirectory(): void {
  mkdirSync(LOCAL_DIRECTORY, { recursive: true, mode: 0o700 });
  const ignored = join(DEFAULT_PATH, '.gitignore');
  if (LOCAL_DIRECTORY === DEFAULT_PATH && !existsSync(ignored)) writeFileSync(ignored, '*\n');
}
