/**
 * The local run with its data in a temporary file, as a server under load. Tells its parent where it is, makes a tenant
 * whenever it is asked for an empty directory, and ends with its parent.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../local/account';
import { startLocal } from '../../../local/run';
import { Table } from '../../../src/directory/table/table';
import { createTenant, readTenantId } from '../../../src/directory/tenants/tenants';
import { issueToken } from '../../../src/directory/tenants/tokens';

// The SDK's advice to newer Node.js would stand between the lines of progress.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const TOKEN_LIFETIME_MS = 86_400_000;

void main();

async function main(): Promise<void> {
  const { baseUrl, token, dynamodb, table: name, stop } = await startLocal({ port: 0, memory: true });
  const connection = { endpoint: dynamodb, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  const table = new Table(name, new DynamoDBClient(connection));
  let tenants = 0;
  process.on('message', async () => {
    tenants += 1;
    process.send?.({ baseUrl, token: await newTenant(table, `load-${tenants}`) });
  });
  process.once('disconnect', () => void stop().then(() => process.exit(0)));
  process.send?.({ baseUrl, token });
}

async function newTenant(table: Table, id: string): Promise<string> {
  const tenant = readTenantId(id);
  await createTenant(table, { tenantId: tenant, name: id });
  const expiresAt = new Date(Date.now() + TOKEN_LIFETIME_MS);
  const { text } = await issueToken(table, { tenant, label: 'load', scope: 'write', expiresAt });
  return text;
}
