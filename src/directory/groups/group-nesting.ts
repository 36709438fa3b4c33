import type { Effort } from '../../scim/effort';
import { ScimError } from '../../scim/errors';
import { type Directory, effortOf } from '../resources/directory';

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

  /** @throws ScimError tooMany beyond the deepest level, or when the request's time is used up */
  enterLevel(): void {
    this.#levels += 1;
    if (this.#levels > MAX_NESTING) {
      throw new ScimError(
        'tooMany',
        `Groups are members of groups on more than ${MAX_NESTING} levels, which are not followed. Take the deepest ones apart, or leave the groups out with excludedAttributes=groups.`,
      );
    }
    if (Date.now() > this.#stopAt) {
      throw new ScimError(
        'tooMany',
        "The request's time is used up before all its groups, with those that they are in, were read. Leave them out with excludedAttributes=groups, or ask for fewer users with a smaller count.",
      );
    }
  }

  /** Pays for memberships that were read. @throws ScimError tooMany */
  readMemberships(count: number): void {
    this.effort.spend(count * MEMBERSHIP_UNITS, 'groups');
  }

  /** Pays for a group that was read. @param length of its attributes as text @throws ScimError tooMany */
  readGroup(length: number): void {
    this.effort.spend(GROUP_UNITS + (length >> 5), 'groups');
  }

  /** Pays for memberships that were read before and are followed again, for another user. @throws ScimError tooMany */
  follow(count: number): void {
    this.effort.spend(1 + count * 2, 'groups');
  }
}
