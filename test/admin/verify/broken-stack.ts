import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../local/assembly/synthesize';
import { isJsonObject, type JsonObject } from '../../../src/scim/json';

const PROJECT = join(__dirname, '../../..');

/**
 * The project's cloud assembly in a folder of its own, with resources of the template changed.
 *
 * @param change is given each resource's type and properties, to be changed in place
 */
export async function changedAssembly(change: (type: string, properties: JsonObject) => void) {
  const cacheDirectory = join(PROJECT, '.local', 'assemblies');
  const folder = mkdtempSync(join(tmpdir(), 'scim-changed-'));
  cpSync(await synthesize({ projectDirectory: PROJECT, cacheDirectory }), folder, { recursive: true });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.template.json'))) {
    const template: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const resources = isJsonObject(template) && isJsonObject(template.Resources) ? template.Resources : {};
    for (const resource of Object.values(resources))
      if (isJsonObject(resource) && isJsonObject(resource.Properties))
        change(String(resource.Type), resource.Properties);
    writeFileSync(join(folder, name), JSON.stringify(template));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
