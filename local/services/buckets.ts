import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Service } from './service-request';

/** The stack's S3 buckets as folders: PutObject and GetObject, path style. */
export class Buckets {
  constructor(
    private readonly names: readonly string[],
    private readonly directory: string,
  ) {}

  /** @returns false when there is no such bucket */
  put(bucket: string, key: string, content: Buffer): boolean {
    const path = this.pathOf(bucket, key);
    if (path === undefined) return false;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
    return true;
  }

  readonly service: Service = ({ method, path, body }) => {
    const [bucket = '', ...key] = decodeURIComponent(path).slice(1).split('/');
    if (method === 'PUT')
      return this.put(bucket, key.join('/'), body)
        ? { status: 200, headers: { ETag: '"local"' } }
        : NO_BUCKET;
    if (method !== 'GET') return undefined;
    const file = this.pathOf(bucket, key.join('/'));
    try {
      return file === undefined ? NO_BUCKET : { status: 200, body: readFileSync(file) };
    } catch {
      return { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' };
    }
  };

  private pathOf(bucket: string, key: string): string | undefined {
    if (!this.names.includes(bucket)) return undefined;
    // A key may hold "..": it must not lead out of the bucket's folder.
    return join(this.directory, bucket, normalize(`/${key}`));
  }
}

const NO_BUCKET = { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' };
