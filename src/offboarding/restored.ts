import { classify } from '../directory/check/item-kind';
import { type ItemKey, type TenantId, tenantKey } from '../directory/table/keys';
import { inParallel } from '../directory/table/parallel';
import { ConditionFailed, type Item, type Table, type Write } from '../directory/table/table';
import { listTenants } from '../directory/tenants/tenants';

/** What was done so far. */
export interface EndedSessions {
  /** Items read. */
  readonly scanned: number;
  readonly tenants: number;
  readonly users: number;
  /** Stored sessions removed. */
  readonly sessions: number;
}

/** Shares of the table that are read at once. */
const PARTS = 8;

/**
 * Ends every session and every access token with an epoch that a table restored from a backup brings back to life:
 * those that were ended after the moment it was restored to, and those that were issued after it, whose epochs users
 * would reach a second time. All epochs are set to the time of the restoration in milliseconds, which counting up from
 * 0 never reached.
 *
 * The tenants come first, one write each, and with them all sessions that are stored are dead; then users, whose epoch
 * is in access tokens, while the sessions are removed. It may be interrupted and called again: what is done is passed
 * over. No mark is left and no other store of sessions is told: those were not restored, and have what was last true.
 *
 * @param restoredAt milliseconds since 1970 at which the table was restored; the same when it is called again
 * @param entriesOf what the provisioning log tells of a tenant, written in the transaction that raises its epoch
 * @example
 * await endRestoredSessions(table, { restoredAt: Date.parse('2026-11-25T10:00:00Z') });
 */
export async function endRestoredSessions(
  table: Table,
  {
    restoredAt,
    entriesOf,
    onProgress,
  }: {
    readonly restoredAt: number;
    readonly entriesOf?: (tenant: TenantId) => Promise<readonly Write[]>;
    readonly onProgress?: (done: EndedSessions) => void;
  },
): Promise<EndedSessions> {
  const done = { scanned: 0, tenants: 0, users: 0, sessions: 0 };
  await inParallel(await listTenants(table), async ({ tenantId, sessionEpoch }) => {
    const entries = () => entriesOf?.(tenantId);
    if (await isRaised(table, tenantKey(tenantId), sessionEpoch, restoredAt, entries)) done.tenants++;
  });
  await inParallel(
    Array.from({ length: PARTS }, (_, part) => part),
    async (part) => {
      let after: Record<string, unknown> | undefined;
      do {
        const page = await table.scan({ part, parts: PARTS, after, consistent: true });
        await endAmong(page.items);
        done.scanned += page.scanned;
        onProgress?.({ ...done });
        after = page.after;
      } while (after !== undefined);
    },
  );
  return done;

  async function endAmong(items: readonly Item[]): Promise<void> {
    const kinds = items.map((item) => ({ item, what: classify(item)?.what }));
    const users = kinds.filter(({ what }) => what?.kind === 'resource' && what.resource === 'User');
    await inParallel(users, async ({ item }) => {
      if (await isRaised(table, item, item.sessionEpoch, restoredAt)) done.users++;
    });
    const sessions = kinds.filter(
      ({ item, what }) => what?.kind === 'session' && Number(item.epoch) < restoredAt,
    );
    await table.batchWrite(sessions.map(({ item: { pk, sk } }) => ({ kind: 'delete', key: { pk, sk } })));
    done.sessions += sessions.length;
  }
}

/** Raises the epoch of a user or a tenant. @returns false when it has got so far already, or is gone */
async function isRaised(
  table: Table,
  key: ItemKey,
  epoch: unknown,
  restoredAt: number,
  entriesOf?: () => Promise<readonly Write[]> | undefined,
): Promise<boolean> {
  if (typeof epoch === 'number' && epoch >= restoredAt) return false;
  const raise = {
    kind: 'update',
    key: { pk: key.pk, sk: key.sk },
    update: 'SET sessionEpoch = :epoch',
    values: { ':epoch': restoredAt },
    condition: {
      expression: 'attribute_exists(pk) AND (attribute_not_exists(sessionEpoch) OR sessionEpoch < :epoch)',
    },
  } as const;
  const entries = (await entriesOf?.()) ?? [];
  try {
    if (entries.length === 0) await table.write(raise);
    else await table.transact([raise, ...entries]);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
