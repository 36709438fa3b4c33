import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalRun } from '../../local/run';
import { Table } from '../../src/directory/table/table';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { issueToken } from '../../src/directory/tenants/tokens';

/** The table of a local run, for what the admin command and the vendor's app do beside SCIM. */
export function tableOf(run: LocalRun): Table {
  const client = new DynamoDBClient({
    endpoint: run.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return new Table(run.table, client);
}

/** Creates a tenant if need be. @returns the text of a token of its own that lives for an hour */
export async function tenantToken(
  table: Table,
  name: string,
  { scope = 'write', issuedAt = new Date() }: { scope?: 'read' | 'write'; issuedAt?: Date } = {},
): Promise<string> {
  const tenant = readTenantId(name);
  await createTenant(table, { tenantId: tenant, name }).catch(() => undefined);
  const expiresAt = new Date(issuedAt.getTime() + 3_600_000);
  return (await issueToken(table, { tenant, label: scope, scope, expiresAt, now: issuedAt })).text;
}
