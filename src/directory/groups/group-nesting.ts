import type { Effort } from '../../scim/effort';
import { TooMany } from '../errors';
import { type Directory, effortOf, tooMuch } from '../resources/directory';

/** Levels of groups in groups that are followed. Each takes two round trips; real ones are rarely five deep. */
export const MAX_NESTING = 64;
/** Time kept back for what the request does once its groups are known. */
const RESERVE_MS = 3_000;
/** What reading a membership takes, and what reading a group takes, in units of effort. */
const MEMBERSHIP_UNITS = 20;
const GROUP_UNITS = 100;

/**
 * What becomes of a way that is longer than one request may go: an error; groups on deeper levels left out; or whatever
 * was not reached left out.
 */
export type BeyondBounds = 'refuse' | 'leave out levels' | 'leave out';

/**
 * One way through groups in groups, up or down, level by level. Whoever goes it visits each group once; this bounds
 * levels, time and, by the request's effort, groups and memberships. What decides about rights is refused beyond, since
 * a group that is missing is a role that is missing; an answer that only shows groups leaves out the rest, and the
 * directory's `onLeftOut` is told.
 */
export class NestingWay {
  readonly #directory: Directory;
  readonly #effort: Effort;
  readonly #beyond: BeyondBounds;
  readonly #stopAt: number;
  readonly #keptForGroups: number;
  #levels = 0;
  #isOver = false;

  constructor(directory: Directory, beyond: BeyondBounds = 'refuse') {
    this.#directory = directory;
    this.#effort = effortOf(directory);
    this.#beyond = beyond;
    this.#stopAt = directory.table.giveUpAt() - RESERVE_MS;
    this.#keptForGroups = beyond === 'leave out' ? this.#effort.left / 2 : 0;
  }

  /** Whether something was left out already: then nothing more is worth reading. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @returns false beyond the deepest level, or when the request's time is used up @throws TooMany in place of it */
  enterLevel(): boolean {
    this.#levels += 1;
    if (this.#levels > MAX_NESTING) {
      return this.#end(
        new TooMany(
          'levels of groups',
          `Groups are members of groups on more than ${MAX_NESTING} levels, which are not followed.`,
        ),
      );
    }
    if (Date.now() <= this.#stopAt) return true;
    return this.#end(
      new TooMany(
        'time for groups',
        "The request's time is used up before all its groups, with those that they are in, were read.",
      ),
    );
  }

  /**
   * Pays for memberships that were read. Half of the effort is for the groups that they lead to, where what is beyond
   * is left out: without their groups they would show nothing.
   *
   * @returns whether more may be read
   * @throws TooMany in place of false
   */
  readMemberships(count: number): boolean {
    if (!this.#pay(count * MEMBERSHIP_UNITS)) return false;
    return this.#effort.left >= this.#keptForGroups || this.#end(tooMuch('groups'));
  }

  /** Pays for a group that was read. @param length of its attributes as text @throws TooMany as `readMemberships` */
  readGroup(length: number): boolean {
    return this.#pay(GROUP_UNITS + (length >> 5));
  }

  /** Pays for memberships that were read before and are followed again, for another user. @throws TooMany likewise */
  follow(count: number): boolean {
    return this.#pay(1 + count * 2);
  }

  #pay(units: number): boolean {
    return this.#effort.take(units) || this.#end(tooMuch('groups'));
  }

  #end(error: TooMany): false {
    const isLeftOut =
      this.#beyond === 'leave out' ||
      (this.#beyond === 'leave out levels' && error.of === 'levels of groups');
    if (!isLeftOut) throw error;
    if (!this.#isOver) this.#directory.onLeftOut?.(error.of);
    this.#isOver = true;
    return false;
  }
}
