import { type Refusal, recordRefusals } from '../src/directory/log/refusals';
import type { Actor } from '../src/directory/resources/origin';
import type { Table } from '../src/directory/table/table';
import { settingsIn } from '../src/directory/tenants/settings';
import type { Token } from '../src/directory/tenants/token-item';
import { reportUnwrittenRefusal } from './unwritten-refusal';

const MAX_TOLD = 1_000;

/** A credential that is known and was not let in. */
export interface RefusedCredential {
  /** With its public id; that of a link stands for a token's. */
  readonly of: Pick<Token, 'tenantId' | 'tokenId' | 'settings'>;
  readonly actor: Actor;
  readonly type: (Refusal & { type: `${'token' | 'client' | 'setup_link'}.refused` })['type'];
  readonly detail: string;
}

/**
 * Puts known credentials that are not let in into their tenant's provisioning log, each once per minute: whoever
 * presents one again and again costs no write each time.
 */
export function refusedCredentials(table: Table) {
  /** The minute in which this instance has last told of a credential, by its id. */
  const told = new Map<string, string>();
  return async ({ of, actor, type, detail }: RefusedCredential, now: Date): Promise<void> => {
    const { tenantId, tokenId, settings } = of;
    const minute = now.toISOString().slice(0, 16);
    if (told.get(tokenId) === minute) return;
    if (told.size >= MAX_TOLD) told.clear();
    told.set(tokenId, minute);
    const refusal = { type, status: 401, detail };
    await recordRefusals(table, tenantId, { actor }, [refusal], now, settingsIn(settings)).catch(
      (error: unknown) => reportUnwrittenRefusal(error, { tenantId, tokenId }),
    );
  };
}
