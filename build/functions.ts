import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from '../lib/build-functions';
import { FUNCTION_ENTRIES } from '../lib/functions';
import { stageSetupPage } from '../lib/setup-page';
import { EXTENSIONS_FILE } from '../src/scim/schema/extensions/registration';

/**
 * Makes `<folder>/<entry>/index.mjs` of each function's entry point, and beside those that read extension schemas a
 * file with none, and the set-up page beside its function, so that they run as they lie there.
 */
export function buildFunctionBundles(folder: string): void {
  buildFunctions(FUNCTION_ENTRIES, folder);
  for (const entry of FUNCTION_ENTRIES) {
    const readsExtensions = readFileSync(join(folder, entry, 'index.mjs')).includes(EXTENSIONS_FILE);
    if (readsExtensions) writeFileSync(join(folder, entry, EXTENSIONS_FILE), '[]');
  }
  stageSetupPage(join(folder, 'setup'));
}
