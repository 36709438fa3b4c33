import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the page is, and below it its files. */
export const PAGE_PATH = '/console';

/**
 * What is served of a built page, by its path. They are all read before the first request: what a request names is
 * never looked for on the disk.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = readdirSync(folder).flatMap((name): [string, PageFile][] => {
    const type = TYPES[extname(name)];
    if (type === undefined) return [];
    const path = name === 'index.html' ? PAGE_PATH : `${PAGE_PATH}/${name}`;
    return [[path, { type, content: readFileSync(join(folder, name)) }]];
  });
  return new Map(files);
}
