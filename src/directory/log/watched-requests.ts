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
  /** Absent where the authorizer alone has seen it, which comes before the answer. */
  readonly status?: number;
}

/** A request with a credential that nobody was given. */
export interface UnknownCredential {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly what: 'token' | 'client';
}

/** What was noted of a tenant. */
export interface Seen {
  readonly request?: SeenRequest;
  readonly unknown?: UnknownCredential;
  /** Seconds since 1970: until when unknown credentials are noted. */
  readonly watchedUntil?: number;
}

/**
 * Has the requests of a tenant's credentials, and those with unknown ones that name it, noted for the next quarter of
 * an hour. What the gateway remembers of a credential does not know it yet: for those in use it holds within minutes.
 *
 * @param credentials those of the ledger that are live
 * @param seen what was noted so far
 */
export async function watchRequests(
  table: Table,
  tenant: TenantId,
  { tokens, clients }: TokenLedger,
  credentials: readonly Pick<Token, 'tokenId' | 'watchedUntil'>[],
  seen: Seen,
  now: Date,
): Promise<void> {
  const nowS = Math.floor(now.getTime() / 1000);
  const isDue = ({ watchedUntil = 0 }: Pick<Token, 'watchedUntil'>) =>
    watchedUntil - nowS < PROLONGED_BELOW_S;
  const due = credentials.filter(isDue);
  if (isDue(seen)) {
    await table.write({
      kind: 'update',
      key: seenKey(tenant),
      update: 'SET watchedUntil = :until, expiresAt = :expiresAt',
      values: { ':until': nowS + WATCHED_FOR_S, ':expiresAt': nowS + KEPT_FOR_S },
    });
  }
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
      update: 'SET #time = :time, #request = :request, expiresAt = :expiresAt',
      names: { '#time': 'time', '#request': 'request' },
      values: {
        ':time': time,
        ':request': { method, route, ...(status === undefined ? {} : { status }) },
        ':expiresAt': expiryOf(time),
      },
      condition: { expression: 'attribute_not_exists(#time) OR #time < :time' },
    }),
  );
}

/** Notes a request with an unknown credential that names the tenant, where somebody looks at its set-up page. */
export async function recordUnknownCredential(
  table: Table,
  tenant: TenantId,
  unknown: UnknownCredential,
): Promise<void> {
  const { time } = unknown;
  await unlessConditionFailed(
    table.write({
      kind: 'update',
      key: seenKey(tenant),
      update: 'SET #unknown = :unknown, expiresAt = :expiresAt',
      names: { '#unknown': 'unknown' },
      values: {
        ':unknown': unknown,
        ':expiresAt': expiryOf(time),
        ':now': Math.floor(Date.parse(time) / 1000),
      },
      condition: { expression: 'watchedUntil > :now' },
    }),
  );
}

const expiryOf = (time: string): number => Math.floor(Date.parse(time) / 1000) + KEPT_FOR_S;

/** What was noted of a tenant: nothing where nobody was looking. */
export async function readSeen(table: Table, tenant: TenantId): Promise<Seen> {
  const item = await table.get<Seen & { readonly time?: string }>(seenKey(tenant));
  if (item === undefined) return {};
  const { time, request, unknown, watchedUntil } = item;
  return {
    ...(time === undefined || request === undefined ? {} : { request: { ...request, time } }),
    ...(unknown === undefined ? {} : { unknown }),
    ...(watchedUntil === undefined ? {} : { watchedUntil }),
  };
}

async function unlessConditionFailed(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // A later request was quicker, the credential is gone, or nobody looks.
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
