import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository or, where this code lies some folders deeper, of the installed package. */
export const PACKAGE_ROOT = rootAbove(__dirname);

function rootAbove(folder: string): string {
  const file = join(folder, 'package.json');
  // A folder of modules may have a package.json of its own that says which kind they are.
  const isRoot = existsSync(file) && /"name": *"serverless-scim"/.test(readFileSync(file, 'utf8'));
  if (isRoot) return folder;
  if (dirname(folder) === folder) throw new Error('serverless-scim does not find its package.json.');
  return rootAbove(dirname(folder));
}
