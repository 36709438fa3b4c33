import { Effort } from '../../scim/effort';
import { TooMany, type TooManyOf } from '../errors';
import type { TenantId } from '../table/keys';
import type { Table } from '../table/table';
import { DEFAULT_TENANT_SETTINGS, type TenantSettings } from '../tenants/settings';
import type { Origin } from './origin';
import type { Policy } from './policy';
import type { ScanSlot } from './scan-slot';

/**
 * One tenant's part of the table, for the duration of one request. Every function of this folder that reads or writes
 * resources takes it first.
 */
export interface Directory {
  readonly table: Table;
  readonly tenant: TenantId;
  /** In whose name it is written; every item that is written carries it. */
  readonly origin: Origin;
  /** The clock, so that tests own the time. */
  readonly now: () => Date;
  /** What is left of the work that the request may cause. Without it each call has an effort of its own. */
  readonly effort?: Effort;
  /** Is asked before each change is written; absent when nobody is to be asked. */
  readonly policy?: Policy;
  /** Lets an administrator end the access of protected users, too (users/protection.ts). */
  readonly overridesProtection?: boolean;
  /** Is taken before more is looked at than one page. Without it there may be any number of scans at once. */
  readonly scanSlot?: ScanSlot;
  /** What the tenant has chosen. Without it the defaults hold. */
  readonly settings?: TenantSettings;
  /** Is told when an answer shows fewer groups of users than there are, and of what there were too many. */
  readonly onLeftOut?: (of: TooManyOf) => void;
  /** Is told whom a change that was made has named as a group's members and left out, since nobody knows them. */
  readonly onUnknownMembers?: (groupId: string, named: readonly string[]) => void;
}

/** The effort that work in the name of this directory's request is paid from. */
export const effortOf = ({ effort }: Directory): Effort => effort ?? new Effort();

/** The settings that hold for work in the name of this directory's request. */
export const settingsOf = ({ settings }: Pick<Directory, 'settings'>): TenantSettings =>
  settings ?? DEFAULT_TENANT_SETTINGS;

const TOO_MUCH = {
  groups:
    'The groups of the request, with all groups that these are in, are more than one request may follow.',
  'resources looked at':
    'The page cannot be found by an index, and the tenant has more resources than one request may look at.',
  'resources held': 'The resources that the request reads are larger together than one request may hold.',
  'members sought':
    'The "members" of the request are more than it may look for: too many of them do not exist.',
  'members read': 'The filter needs more members of groups than one request may read.',
} as const satisfies Partial<Record<TooManyOf, string>>;

/** The error that says of what a request needs too much. */
export const tooMuch = (of: keyof typeof TOO_MUCH): TooMany => new TooMany(of, TOO_MUCH[of]);

/** Pays for reading. @throws TooMany when the request has not as much effort left */
export function pay(effort: Effort, units: number, of: keyof typeof TOO_MUCH): void {
  if (!effort.take(units)) throw tooMuch(of);
}

/** What reading and parsing an item takes besides its length, in units of effort. */
const ITEM_UNITS = 20;

/** Pays for items that are read and let go again, by the length of their attributes as JSON text. @throws TooMany */
export function payForLooking(effort: Effort, items: number, length: number): void {
  pay(effort, items * ITEM_UNITS + (length >> 3), 'resources looked at');
}

/** Pays for a resource that is read and kept, by the length of its attributes as JSON text. @throws TooMany */
export function payForReading(effort: Effort, length: number): void {
  pay(effort, 1 + (length >> 4), 'resources held');
}

/** Decides from a resource's version whether a conditional request (If-Match, RFC 7644 section 3.14) may go on. */
export type Precondition = (version: number) => boolean;
