import type { TenantId } from './keys';
import type { Table } from './table';

/**
 * One tenant's part of the table, for the duration of one request. Every function of this folder that reads or writes
 * resources takes it first.
 */
export interface Directory {
  readonly table: Table;
  readonly tenant: TenantId;
  /** The clock, so that tests own the time. */
  readonly now: () => Date;
}

/** Decides from a resource's version whether a conditional request (If-Match, RFC 7644 section 3.14) may go on. */
export type Precondition = (version: number) => boolean;
