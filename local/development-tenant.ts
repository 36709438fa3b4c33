import { readFileSync, writeFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Conflict } from '../src/directory/errors';
import { Table } from '../src/directory/table/table';
import { changeSettings } from '../src/directory/tenants/tenant-settings';
import { createTenant, readTenantId } from '../src/directory/tenants/tenants';
import { findToken } from '../src/directory/tenants/token-check';
import { issueToken } from '../src/directory/tenants/tokens';

/** The tenant that every local run has. */
export const DEVELOPMENT_TENANT = 'dev';

const TOKEN_LABEL = 'local run';
const TOKEN_LIFETIME_MS = 10 * 365 * 86_400_000;

/**
 * Makes sure that the development tenant exists and has a live token with write scope. The token's text is kept in a
 * file, since the table holds only its hash and the token should be the same in every start.
 *
 * @returns the token's text
 */
export async function developmentToken(
  client: DynamoDBClient,
  tableName: string,
  tokenFile: string,
): Promise<string> {
  const table = new Table(tableName, client);
  const tenant = readTenantId(DEVELOPMENT_TENANT);
  const kept = readToken(tokenFile);
  if (kept !== undefined) {
    const { outcome } = await findToken(table, kept, new Date());
    // A suspended tenant's token is the right one all the same: somebody is trying suspension out.
    if (outcome === 'live' || outcome === 'suspended') return kept;
  }
  await createTenant(table, { tenantId: tenant, name: 'Development' }).catch((error: unknown) => {
    if (!(error instanceof Conflict)) throw error;
  });
  // Replays and load tests send as fast as they can.
  await changeSettings(table, tenant, { rate: 'none' });
  const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_MS);
  const { text } = await issueToken(table, {
    tenant,
    // A lost file leaves a live token behind, and only two of one label may be live.
    label: `${TOKEN_LABEL} ${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}`,
    scope: 'write',
    expiresAt,
  });
  writeFileSync(tokenFile, text, { mode: 0o600 });
  return text;
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
