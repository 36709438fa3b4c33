import { readFileSync } from 'node:fs';
import { EXTENSIONS_FILE, type ExtensionRegistration } from '../src/scim/schema/extensions/registration';
import { createRegistry, type Registry } from '../src/scim/schema/registry';

/**
 * The service's resource types and schemas with the vendor's extensions, which the synth has checked and laid beside
 * the bundle (lib/bundles.ts), so that they are not checked again. To be called once, when the instance starts.
 *
 * @throws Error when the file is missing or none of ours: better at the start than to drop the attributes of users
 */
export function stagedRegistry(): Registry {
  const extensions: unknown = JSON.parse(readFileSync(new URL(EXTENSIONS_FILE, import.meta.url), 'utf8'));
  if (!Array.isArray(extensions)) throw new Error('extensions.json is not an array of extensions.');
  return createRegistry(extensions as ExtensionRegistration[]);
}
