import { Logger } from '@aws-lambda-powertools/logger';
import { recordUnknownCredential, type UnknownCredential } from '../src/directory/log/watched-requests';
import { writeInTime } from '../src/directory/table/in-time';
import type { Table } from '../src/directory/table/table';
import { tenantNamedBy } from '../src/directory/tenants/token-format';

/**
 * Tenants that one instance tells of in a minute: whoever makes tokens up, with tenants in them or with those of
 * others, causes no more writes than that.
 */
const MAX_TOLD_IN_A_MINUTE = 10;

/**
 * Tells whoever looks at a tenant's set-up page of a credential that nobody was given and that names the tenant: once
 * per tenant and minute, and nothing where nobody looks. It is no entry of the log, which anybody could fill.
 */
export function unknownCredentials(table: Table) {
  let minute = '';
  let told = new Set<string>();
  return async (text: string, what: UnknownCredential['what'], now: Date): Promise<void> => {
    const tenant = tenantNamedBy(text);
    if (tenant === undefined) return;
    const time = now.toISOString();
    if (!time.startsWith(minute) || minute === '') {
      minute = time.slice(0, 16);
      told = new Set();
    }
    if (told.has(tenant) || told.size >= MAX_TOLD_IN_A_MINUTE) return;
    told.add(tenant);
    await writeInTime(table, (inTime) => recordUnknownCredential(inTime, tenant, { time, what })).catch(
      (error: unknown) =>
        new Logger().warn('An unknown credential was not noted', { tenantId: tenant, error: String(error) }),
    );
  };
}
