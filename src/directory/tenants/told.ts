import { type TenantId, toldKey } from '../table/keys';
import type { Table } from '../table/table';

/** What the vendor was told of a tenant by the sweep over all tenants, so that it is told once. */
export interface Told {
  /** When something unusual was told last, ISO 8601, by what it was. */
  readonly unusual: Readonly<Record<string, string>>;
  /** The last request before the silence that was told. */
  readonly silentSince?: string;
  /** By token: how many days before its end it was told last. */
  readonly expiring: Readonly<Record<string, number>>;
}

/** Far longer than anything of it is asked for; it goes with its tenant anyway. */
const KEPT_SECONDS = 400 * 86_400;

export async function readTold(table: Table, tenant: TenantId): Promise<Told> {
  const item = await table.get<Partial<Told>>(toldKey(tenant));
  return { unusual: item?.unusual ?? {}, silentSince: item?.silentSince, expiring: item?.expiring ?? {} };
}

/** There is one writer, the sweep. */
export async function writeTold(table: Table, tenant: TenantId, told: Told, now: Date): Promise<void> {
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_SECONDS;
  await table.write({ kind: 'put', item: { ...toldKey(tenant), ...told, expiresAt } });
}
