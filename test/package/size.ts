import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const kB = (bytes: number): string => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;

/** The bytes of all files in a folder. */
export function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
