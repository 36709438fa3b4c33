import { type Folding, foldCase, foldForSearch } from './comparison';
import { ScimError } from './errors';

/**
 * Units of work that one request may cause, a unit being about 100 ns on a slow core: `npm run bench:attacks` prints
 * what the worst requests within it take. A filter of ten conditions over 20,000 users takes a fifth of it.
 */
export const MAX_EFFORT = 10_000_000;

/** What work is spent on, with what to tell a client that wants too much of it. */
const ADVICE = {
  comparisons:
    'The request asks for more comparisons of values than one request may cause. Shorten the filter or the filters in the paths of the PATCH, compare with eq in the place of co, sw and ew, or send the operations in several requests.',
  groups:
    'The groups of the request, with all groups that these are in, are more than one request may follow. Leave them out with excludedAttributes=groups, ask for fewer users with a smaller count, or name one group in the filter: groups.value eq "<group id>".',
  reading:
    'The resources that the request reads are larger together than one request may hold. Ask for fewer of them with a smaller count, or narrow the filter.',
  members:
    'The filter needs more members of groups than one request may read. Compare members.value by eq with the id of a member, or add a condition on displayName or externalId.',
} as const;

/** What a request's work is spent on. */
export type EffortSubject = keyof typeof ADVICE;

/** Longer texts are folded once and remembered; for shorter ones looking them up takes as long as folding. */
const SHORT_TEXT = 32;
/** Folded texts that are remembered at once, in UTF-16 code units: more than one resource can hold. */
const MAX_REMEMBERED = 1_000_000;
/** From this length on a sought text may take the engine's search hundreds of steps for each character. */
const LONG_SOUGHT = 250;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what is meant
const ASCII = /^[\x00-\x7f]*$/;

/** A text as it is compared, and as it is sought in. */
interface Folded {
  readonly whole: string;
  readonly forSearch: string;
}

/**
 * The work that one request may cause, spent by whoever compares values or follows groups in its name. Some requests
 * are small and their work is not (a filter of 500 comparisons over 1,000 long values), and neither their size nor
 * the number of resources bounds it. A request has one of these from its beginning to its end; the operations of a
 * Bulk request share theirs.
 */
export class Effort implements Folding {
  #left: number;
  #folded: Map<string, Folded> | undefined;
  #remembered = 0;

  constructor(units = MAX_EFFORT) {
    this.#left = units;
  }

  /** Units that are left. */
  get left(): number {
    return this.#left;
  }

  /** @throws ScimError tooMany, with advice, when more is spent than there was */
  spend(units: number, on: EffortSubject = 'comparisons'): void {
    this.#left -= units;
    if (this.#left < 0) throw new ScimError('tooMany', ADVICE[on]);
  }

  /** Pays for resources that are read and kept, by the length of their attributes as JSON text. */
  read(length: number): void {
    this.spend(1 + (length >> 4), 'reading');
  }

  /** As `foldCase`; a long text is folded and paid for once, however often it is compared. */
  fold(text: string): string {
    return text.length <= SHORT_TEXT && ASCII.test(text) ? text.toLowerCase() : this.folded(text).whole;
  }

  /** As `foldForSearch`, otherwise as `fold`. */
  foldForSearch(text: string): string {
    return text.length <= SHORT_TEXT && ASCII.test(text) ? text.toLowerCase() : this.folded(text).forSearch;
  }

  /** Pays for comparing two texts from one end until they differ. */
  compare(one: string, other: string): void {
    this.spend(1 + (Math.min(one.length, other.length) >> 5));
  }

  /** Pays for seeking one text anywhere in another. */
  seek(sought: string, text: string): void {
    if (sought.length > text.length) this.spend(1);
    else this.spend(1 + (sought.length < LONG_SOUGHT ? text.length >> 3 : text.length * 4));
  }

  private folded(text: string): Folded {
    const known = this.#folded?.get(text);
    if (known !== undefined) return known;
    // Normalizing takes up to 300 ns a character, the lower case of ASCII 1 ns.
    this.spend(ASCII.test(text) ? text.length >> 6 : text.length * 3);
    const folded = { whole: foldCase(text), forSearch: foldForSearch(text) };
    this.#remembered += text.length;
    if (this.#folded === undefined || this.#remembered > MAX_REMEMBERED) {
      this.#folded = new Map();
      this.#remembered = text.length;
    }
    this.#folded.set(text, folded);
    return folded;
  }
}
