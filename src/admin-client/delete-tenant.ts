import { setTimeout as delay } from 'node:timers/promises';
import { AdminApiError } from './errors';
import type { AdminClient } from './methods';

/** How a deletion is driven. */
export interface DeleteTenantOptions {
  readonly signal?: AbortSignal;
  /** Is told how many items were removed so far. */
  readonly onProgress?: (items: number) => void;
  /** How time goes by while requests that were under way end; a delay when absent. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Ends all access of a tenant and removes all its data, for ever, request by request, to its end. It may be broken off
 * at any moment: called again, it goes on.
 *
 * @returns how many items were removed by this call
 * @throws AdminApiError; `not-found` when there is no such tenant
 * @example
 * await deleteTenant(admin, 'acme', { onProgress: console.log });
 */
export async function deleteTenant(
  admin: AdminClient,
  tenantId: string,
  {
    signal,
    onProgress = () => {},
    pause = (ms) => delay(ms, undefined, { signal }),
  }: DeleteTenantOptions = {},
): Promise<number> {
  let items = 0;
  for (let isBegun = false; ; isBegun = true) {
    try {
      const part = await admin.tenants.delete({ tenantId, confirm: tenantId }, { signal });
      items += part.items;
      onProgress(items);
      if (part.deleted) return items;
      if (part.waitSeconds !== undefined) await pause(part.waitSeconds * 1000);
    } catch (error) {
      // The last answer was lost, or somebody else was faster.
      if (isBegun && error instanceof AdminApiError && error.code === 'not-found') return items;
      throw error;
    }
  }
}
