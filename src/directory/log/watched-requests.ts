import { seenKey, type TenantId, tokenKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed, type Table } from '../table/table';
import type { Token } from '../tenants/token-item';
import type { TokenLedger } from '../tenants/token-ledger';

/**
 * While somebody looks at the set-up page, the last request of the tenant's credentials is noted: reads leave nothing
 * else behind, and the test of a connection is one. Nobody looking, nothing is written.
 */
const WATCHED_FOR_S = 900;
/** Whoever looks on has the time prolonged when less than this is left. */
const PROLONGED_BELOW_S = 600;
const KEPT_FOR_S = 86_400;

/** The last request that was seen. */
export interface SeenRequest {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly method: string;
  /** The path as the API names it, without ids. */
  readonly route: string;
  readonly status: number;
}

/**
 * Has the requests of a tenant's credentials noted for the next quarter of an hour. What the gateway remembers of a
 * credential does not know it yet: for those in use it holds within minutes.
 *
 * @param credentials those of the ledger that are live
 */
export async function watchRequests(
  table: Table,
  { tokens, clients }: TokenLedger,
  credentials: readonly Pick<Token, 'tokenId' | 'watchedUntil'>[],
  now: Date,
): Promise<void> {
  const nowS = Math.floor(now.getTime() / 1000);
  const due = credentials.filter(({ watchedUntil = 0 }) => watchedUntil - nowS < PROLONGED_BELOW_S);
  await inParallel(due, async ({ tokenId }) => {
    const sha256 = tokens[tokenId] ?? clients[tokenId];
    if (sha256 === undefined) return;
    await unlessConditionFailed(
      table.write({
        kind: 'update',
        key: tokenKey(sha256),
        update: 'SET watchedUntil = :until',
        values: { ':until': nowS + WATCHED_FOR_S },
        condition: { expression: 'attribute_exists(pk)' },
      }),
    );
  });
}

/** Notes a request; an earlier one does not take the place of a later one. */
export async function recordSeen(table: Table, tenant: TenantId, seen: SeenRequest): Promise<void> {
  const { time, method, route, status } = seen;
  await unlessConditionFailed(
    table.write({
      kind: 'update',
      key: seenKey(tenant),
      update:
        'SET #time = :time, #method = :method, route = :route, #status = :status, expiresAt = :expiresAt',
      names: { '#time': 'time', '#method': 'method', '#status': 'status' },
      values: {
        ...{ ':time': time, ':method': method, ':route': route, ':status': status },
        ':expiresAt': Math.floor(Date.parse(time) / 1000) + KEPT_FOR_S,
      },
      condition: { expression: 'attribute_not_exists(pk) OR #time < :time', names: { '#time': 'time' } },
    }),
  );
}

/** The last request that was seen; undefined when none was, or nobody was looking. */
export async function readSeen(table: Table, tenant: TenantId): Promise<SeenRequest | undefined> {
  const item = await table.get<SeenRequest>(seenKey(tenant));
  if (item === undefined) return undefined;
  const { time, method, route, status } = item;
  return { time, method, route, status };
}

async function unlessConditionFailed(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // A later request was quicker, or the credential is gone.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
