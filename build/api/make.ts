import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitDeclarations } from '../declarations';
import { COMMONJS_ENTRIES, ENTRIES, TESTING_ENTRIES } from '../entries';
import { apiPage } from './page';
import { readDeclarations } from './read-declarations';

const SUBPATHS = [
  [
    'serverless-scim',
    ENTRIES.index,
    'What an application imports. It needs the two DynamoDB clients of the AWS SDK.',
  ],
  [
    'serverless-scim/events',
    ENTRIES.events,
    'What a receiver of events or of the webhook imports. It needs no package.',
  ],
  [
    'serverless-scim/testing',
    TESTING_ENTRIES.testing,
    'What tests of an application import ([testing](testing.md)).',
  ],
  [
    'serverless-scim/admin',
    ENTRIES.admin,
    'What a backend imports that administers the service ([the admin API](admin-api.md)).',
  ],
  ['serverless-scim/cdk', COMMONJS_ENTRIES.cdk, 'What a CDK app imports ([a CDK app of yours](cdk.md)).'],
] as const;

/** The page of the API as the sources are now. */
export function makeApiPage(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'scim-api-'));
  try {
    emitDeclarations(root, folder);
    return apiPage(
      SUBPATHS.map(([name, source, about]) => ({
        name,
        about,
        exported: readDeclarations(folder, source.replace(/\.ts$/, '')),
      })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
