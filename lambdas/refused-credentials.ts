import { type Refusal, recordRefusals } from '../src/directory/log/refusals';
import type { Actor } from '../src/directory/resources/origin';
import type { Table } from '../src/directory/table/table';
import { settingsIn } from '../src/directory/tenants/settings';
import type { Token } from '../src/directory/tenants/token-item';
import { reportUnwrittenRefusal } from './unwritten-refusal';

const MAX_TOLD = 1_000;
/** Reasons for which one credential is told of within a minute: whoever corrects a trust meets one after the other. */
const MAX_REASONS = 5;

/** A credential that is known and was not let in. */
export interface RefusedCredential {
  /** With its public id; that of a link stands for a token's. */
  readonly of: Pick<Token, 'tenantId' | 'tokenId' | 'settings'>;
  readonly actor: Actor;
  readonly type: (Refusal & { type: `${'token' | 'client' | 'setup_link'}.refused` })['type'];
  readonly detail: string;
}

/**
 * Puts known credentials that are not let in into their tenant's provisioning log, each as one entry per minute with
 * the latest reason: whoever presents one again and again costs no write each time.
 */
export function refusedCredentials(table: Table) {
  /** The minute in which this instance has last told of a credential, and for which reasons, by its id. */
  const told = new Map<string, { readonly minute: string; readonly reasons: Set<string> }>();
  return async ({ of, actor, type, detail }: RefusedCredential, now: Date): Promise<void> => {
    const { tenantId, tokenId, settings } = of;
    const minute = now.toISOString().slice(0, 16);
    const before = told.get(tokenId);
    const reasons = before?.minute === minute ? before.reasons : new Set<string>();
    if (reasons.has(detail) || reasons.size >= MAX_REASONS) return;
    if (told.size >= MAX_TOLD) told.clear();
    told.set(tokenId, { minute, reasons: reasons.add(detail) });
    const refusal = { type, status: 401, detail };
    await recordRefusals(table, tenantId, { actor }, [refusal], now, settingsIn(settings)).catch(
      (error: unknown) => reportUnwrittenRefusal(error, { tenantId, tokenId }),
    );
  };
}
