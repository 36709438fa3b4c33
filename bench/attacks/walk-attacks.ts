import { randomUUID } from 'node:crypto';
import { toItem } from '../../src/directory/resources/items';
import type { ResourceId } from '../../src/directory/table/keys';
import { type Attack, requestAttack } from './attack';

const USERS_AT_ONCE = 500;

/** A tenant of users of 1 kB each, written below the endpoints. */
const tenantOf =
  (users: number): Attack['prepare'] =>
  async ({ table, tenant }) => {
    const now = new Date().toISOString();
    for (let start = 0; start < users; start += USERS_AT_ONCE) {
      await table.batchWrite(
        Array.from({ length: Math.min(USERS_AT_ONCE, users - start) }, (_, n) => {
          const attributes = { userName: `user ${start + n}`, active: true, displayName: 'x'.repeat(940) };
          const id = randomUUID() as ResourceId;
          const times = { version: 1, created: now, lastModified: now };
          return {
            kind: 'put',
            item: toItem(tenant, { kind: 'User', id, ...times, attributes, sessionEpoch: 0 }),
          };
        }),
      );
    }
    return {};
  };

const filters = (users: number) =>
  requestAttack(`filter that finds nobody among ${users} users of 1 kB`, tenantOf(users), () => [
    'GET',
    '/Users?filter=title pr',
  ]);

/** A filter that no index answers looks at every resource of the tenant. */
export const WALK_ATTACKS: readonly Attack[] = [filters(20_000)];
