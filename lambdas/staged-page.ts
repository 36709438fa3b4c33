import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject } from '../src/scim/json';
import { BRANDING_FILE, PAGE_FOLDER } from '../src/setup-api/files';
import type { SetupResults } from '../src/setup-api/routes';

/** The page's files by name, which the synth has laid beside the bundle (lib/setup-page.ts). */
export function stagedPage(): ReadonlyMap<string, string> {
  const folder = new URL(`${PAGE_FOLDER}/`, import.meta.url);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
}

/**
 * How the page looks, which the synth has checked.
 *
 * @throws Error when the file is missing or none of ours: better at the start than at the first request
 */
export function stagedBranding(): SetupResults['GET /branding'] {
  const branding: unknown = JSON.parse(readFileSync(new URL(BRANDING_FILE, import.meta.url), 'utf8'));
  if (!isJsonObject(branding) || typeof branding.vendor !== 'string') {
    throw new Error(`${BRANDING_FILE} names no vendor.`);
  }
  const { vendor, logo, accent, support } = branding;
  return {
    vendor,
    ...(typeof logo === 'string' ? { logo } : {}),
    ...(typeof accent === 'string' ? { accent } : {}),
    ...(typeof support === 'string' ? { support } : {}),
  };
}
