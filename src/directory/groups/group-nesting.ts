import type { Effort } from '../../scim/effort';
import { TooMany } from '../errors';
import { type Directory, effortOf, pay } from '../resources/directory';

/** Levels of groups in groups that are followed. Each takes two round trips; real ones are rarely five deep. */
export const MAX_NESTING = 64;
/** Time kept back for what the request does once its groups are known. */
const RESERVE_MS = 3_000;
/** What reading a membership takes, and what reading a group takes, in units of effort. */
const MEMBERSHIP_UNITS = 20;
const GROUP_UNITS = 100;

/**
 * One way through groups in groups, up or down, level by level. Whoever goes it visits each group once; this bounds
 * levels, time and, by the request's effort, groups and memberships. Going beyond is an error, never a shorter
 * answer: a group that is missing is a role that is missing, and nobody would see why.
 */
export class NestingWay {
  readonly effort: Effort;
  readonly #stopAt: number;
  #levels = 0;

  constructor(directory: Directory) {
    this.effort = effortOf(directory);
    this.#stopAt = directory.table.giveUpAt() - RESERVE_MS;
  }

  /** @throws TooMany beyond the deepest level, or when the request's time is used up */
  enterLevel(): void {
    this.#levels += 1;
    if (this.#levels > MAX_NESTING) {
      throw new TooMany(
        'levels of groups',
        `Groups are members of groups on more than ${MAX_NESTING} levels, which are not followed.`,
      );
    }
    if (Date.now() > this.#stopAt) {
      throw new TooMany(
        'time for groups',
        "The request's time is used up before all its groups, with those that they are in, were read.",
      );
    }
  }

  /** Pays for memberships that were read. @throws TooMany */
  readMemberships(count: number): void {
    pay(this.effort, count * MEMBERSHIP_UNITS, 'groups');
  }

  /** Pays for a group that was read. @param length of its attributes as text @throws TooMany */
  readGroup(length: number): void {
    pay(this.effort, GROUP_UNITS + (length >> 5), 'groups');
  }

  /** Pays for memberships that were read before and are followed again, for another user. @throws TooMany */
  follow(count: number): void {
    pay(this.effort, 1 + count * 2, 'groups');
  }
}
