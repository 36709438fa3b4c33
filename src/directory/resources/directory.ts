import { Effort } from '../../scim/effort';
import type { TenantId } from '../table/keys';
import type { Table } from '../table/table';

/**
 * One tenant's part of the table, for the duration of one request. Every function of this folder that reads or writes
 * resources takes it first.
 */
export interface Directory {
  readonly table: Table;
  readonly tenant: TenantId;
  /** The clock, so that tests own the time. */
  readonly now: () => Date;
  /** What is left of the work that the request may cause. Without it each call has an effort of its own. */
  readonly effort?: Effort;
  /** Whether a group may not be given the displayName of another one, in any case. True unless it says false. */
  readonly uniqueGroupNames?: boolean;
}

/** The effort that work in the name of this directory's request is paid from. */
export const effortOf = ({ effort }: Directory): Effort => effort ?? new Effort();

/** Decides from a resource's version whether a conditional request (If-Match, RFC 7644 section 3.14) may go on. */
export type Precondition = (version: number) => boolean;
