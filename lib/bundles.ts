import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readExtensionFolder } from '../src/scim/schema/extensions/folder';
import { EXTENSIONS_FILE, ExtensionFault } from '../src/scim/schema/extensions/registration';
import { buildFunctions } from './build-functions';
import { PACKAGE_ROOT } from './package-root';
import { SettingError } from './settings';

/** The bundles of all functions, each in a folder of its own, ready to become assets. */
export interface Bundles {
  /** The code of one function by its entry point's name, for instance `users`. */
  code(entry: string): Code;
  /** Where the bundles lie, until they are discarded. */
  readonly folder: string;
  /** Deletes the folders; to be called when every function has staged its code. */
  discard(): void;
}

/**
 * Stages `<entry>/index.mjs` of each entry point and, beside those that read it, the vendor's extensions. The bundles
 * come from the sources where these are, so that they are never stale; a package has none, and has the bundles built.
 * `SCIM_KEPT_BUNDLES` names a folder in which those that were made once are found again: a test suite synthesizes the
 * sources some forty times, and they stay what they are meanwhile.
 *
 * @param entries names of files in `lambdas/`, without `.ts`
 * @param extensions folder of the vendor's extension schemas, which are checked here
 * @param prebuilt folder of the bundles when they are built
 * @throws SettingError when an extension schema is broken
 * @throws BuildFailure of esbuild when a file is absent or does not compile
 */
export function bundle(
  entries: readonly string[],
  extensions: string = join(PACKAGE_ROOT, 'extensions'),
  prebuilt: string | undefined = prebuiltFolder(entries),
): Bundles {
  const registrations = readExtensions(extensions);
  const folder = mkdtempSync(join(tmpdir(), 'scim-bundles-'));
  if (prebuilt === undefined) buildFunctions(entries, folder);
  for (const entry of entries) {
    if (prebuilt !== undefined) cpSync(join(prebuilt, entry), join(folder, entry), { recursive: true });
    // Nothing else is deployed again because an extension has changed.
    const readsExtensions = readFileSync(join(folder, entry, 'index.mjs')).includes(EXTENSIONS_FILE);
    if (readsExtensions) writeFileSync(join(folder, entry, EXTENSIONS_FILE), registrations);
  }
  return {
    code: (entry) => Code.fromAsset(join(folder, entry)),
    folder,
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function prebuiltFolder(entries: readonly string[]): string | undefined {
  if (!existsSync(join(PACKAGE_ROOT, 'lambdas'))) return join(PACKAGE_ROOT, 'dist/functions');
  const kept = process.env.SCIM_KEPT_BUNDLES;
  if (kept === undefined || kept === '') return undefined;
  buildMissing(entries, kept);
  return kept;
}

/** Makes the bundles that a folder does not have. Several processes may: each bundle appears there whole, once. */
function buildMissing(entries: readonly string[], folder: string): void {
  const missing = entries.filter((entry) => !existsSync(join(folder, entry)));
  if (missing.length === 0) return;
  const unfinished = mkdtempSync(join(folder, '.unfinished-'));
  buildFunctions(missing, unfinished);
  for (const entry of missing) moveUnlessThere(join(unfinished, entry), join(folder, entry));
  rmSync(unfinished, { recursive: true, force: true });
}

/** @throws Error of the file system, but for what another process has put there just now */
function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** JSON text of the registrations, all defaults filled in, so that a function has nothing left to check. */
function readExtensions(folder: string): string {
  try {
    return JSON.stringify(readExtensionFolder(folder));
  } catch (error) {
    throw error instanceof ExtensionFault ? new SettingError(error.message) : error;
  }
}
