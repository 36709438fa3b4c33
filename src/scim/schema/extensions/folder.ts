import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JsonValue } from '../../json';
import { type ExtensionFile, readExtensions } from './read-extension';
import { ExtensionFault, type ExtensionRegistration } from './registration';

/**
 * Reads the vendor's extension schemas: every `*.json` file of a folder, in the order of their names. A folder that
 * does not exist has none.
 *
 * @throws ExtensionFault with a sentence that names file, attribute and fault
 */
export function readExtensionFolder(folder: string): ExtensionRegistration[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.filter((name) => name.endsWith('.json'));
  return readExtensions(files.sort().map((name) => readFile(folder, name)));
}

/** Whether somebody who names a folder of extension schemas names one that is there. */
export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function readFile(folder: string, file: string): ExtensionFile {
  const name = `${basename(folder)}/${file}`;
  try {
    return { name, content: JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonValue };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ExtensionFault(`${name}: the file is not valid JSON: ${error.message}.`);
  }
}
