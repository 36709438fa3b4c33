import {
  endRestoredAccess,
  findRestoredAccess,
  type RestoredAccess,
} from '../directory/check/restored-access';
import type { Table, Write } from '../directory/table/table';
import * as offboarding from '../offboarding/restored';
import { actEntry } from './acts';
import { flushAuthorizerCache } from './authorizer-cache';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import type { ScanProgress } from './progress';

export type { RestoredAccess };

/** What ending the sessions of a restored table has done. */
export interface EndedSessions extends offboarding.EndedSessions {
  /** ISO 8601, UTC. */
  readonly restoredAt: string;
}

/**
 * Ends all sessions and access tokens that a table restored from a backup brings back to life.
 *
 * @param input `tableName`: another table than the deployment's; `restoredAt`: when it was restored, for a copy that
 *   DynamoDB did not restore; the same when repeated
 * @throws AdminError invalidInput when the time is unknown or still to come
 */
export async function endRestoredSessions(
  deployment: Deployment,
  input: {
    readonly tableName?: string;
    readonly restoredAt?: Date;
    readonly onProgress?: (progress: ScanProgress & { readonly users: number }) => void;
  } = {},
): Promise<EndedSessions> {
  const table = tableNamed(input.tableName, deployment);
  const restoredAt = input.restoredAt ?? (await table.restoredAt());
  if (restoredAt === undefined) {
    throw new AdminError(
      'unsupported',
      `DynamoDB did not restore the table ${table.name} from a backup. If it is a copy made by other means, say since when it is in use with --restored-at, as in 2026-11-25T10:00:00Z.`,
    );
  }
  // Epochs of a time to come would outlive the suspensions and deactivations that count up to them.
  if (restoredAt.getTime() > Date.now()) {
    throw new AdminError(
      'invalidInput',
      `The table was not restored at ${restoredAt.toISOString()}; a time that has passed is accepted.`,
    );
  }
  const items = await table.approximateItemCount();
  const done = await offboarding.endRestoredSessions(table, {
    restoredAt: restoredAt.getTime(),
    entriesOf: async (tenant) => [
      await actEntry({ ...deployment, table }, tenant, {
        type: 'sessions.revoked',
        detail: `Those of all users: the table was restored at ${restoredAt.toISOString()}.`,
      }),
    ],
    onProgress: ({ scanned, users }) => input.onProgress?.({ scanned, users, items }),
  });
  return { ...done, restoredAt: restoredAt.toISOString() };
}

/** Who has access again in a restored table. */
export interface ComparedAccess {
  readonly found: readonly RestoredAccess[];
  /** Whether the access was taken away. */
  readonly ended: boolean;
  /** False where no gateway could be told to forget that it accepted the tokens; undefined where none was ended. */
  readonly cacheFlushed: boolean | undefined;
}

/**
 * Lists what has access in a restored table that had none any more in the table before.
 *
 * @param input `before`: name of the table before; `tableName`: the restored table when it is not the deployment's;
 *   `apply`: suspends these tenants, revokes these tokens and deactivates these users
 * @throws AdminError invalidInput when both are one table
 */
export async function compareRestored(
  deployment: Deployment,
  input: {
    readonly before: string;
    readonly tableName?: string;
    readonly apply?: boolean;
    readonly onProgress?: (progress: ScanProgress) => void;
  },
): Promise<ComparedAccess> {
  const table = tableNamed(input.tableName, deployment);
  const before = table.named(input.before);
  if (before.name === table.name) {
    throw new AdminError(
      'invalidInput',
      `${before.name} is named as the table before and as the restored one; without a second name the latter is the one in use.`,
    );
  }
  const items = await before.approximateItemCount();
  const found = await findRestoredAccess(table, before, (scanned) => input.onProgress?.({ scanned, items }));
  if (input.apply !== true) return { found, ended: false, cacheFlushed: undefined };
  for (const access of found)
    await endRestoredAccess(
      table,
      access,
      deployment.origin,
      await entriesOf({ ...deployment, table }, access),
    );
  const cacheFlushed = found.length > 0 ? await flushAuthorizerCache(deployment) : undefined;
  return { found, ended: true, cacheFlushed };
}

/** A user's entry is made from the stream. */
async function entriesOf(deployment: Deployment, access: RestoredAccess): Promise<Write[]> {
  const { kind, tenant } = access;
  if (kind === 'user') return [];
  if (kind === 'tenant') return [await actEntry(deployment, tenant, { type: 'tenant.suspended' })];
  const act =
    kind === 'token'
      ? ({ type: 'token.revoked', tokenId: access.tokenId } as const)
      : ({ type: 'client.revoked', clientId: access.clientId } as const);
  return [await actEntry(deployment, tenant, act)];
}

/** The table of a name beside the deployment's, or the deployment's own. */
const tableNamed = (name: string | undefined, { table }: Deployment): Table =>
  name === undefined ? table : table.named(name);
