import type { TenantId } from '../../src/directory/table/keys';

/** When the tokens of the tests are issued. */
export const NOW = new Date('2026-11-23T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A time so many ms after the issue. */
export const later = (ms: number) => new Date(NOW.getTime() + ms);

/** What `issueToken` is told for a token that lives 30 days. */
export const order = (tenant: TenantId, label = 'entra') => ({
  tenant,
  label,
  scope: 'write' as const,
  expiresAt: later(30 * DAY),
  now: NOW,
});
