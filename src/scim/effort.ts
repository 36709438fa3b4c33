import { type Folding, foldCase, foldForSearch } from './comparison';
import { ScimError } from './errors';

/**
 * Units of work that one request may cause, a unit being about 100 ns on a slow core: `npm run bench:attacks` prints
 * what the worst requests within it take. A filter of ten conditions over 20,000 users takes a fifth of it.
 */
export const MAX_EFFORT = 10_000_000;

const TOO_MANY_COMPARISONS =
  'The request asks for more comparisons of values than one request may cause. Shorten the filter or the filters in the paths of the PATCH, compare with eq in the place of co, sw and ew, or send the operations in several requests.';

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

  /** Spends units on comparisons. @throws ScimError tooMany, with advice, when more is spent than there was */
  spend(units: number): void {
    if (!this.take(units)) throw new ScimError('tooMany', TOO_MANY_COMPARISONS);
  }

  /** Spends units. @returns whether there were as many */
  take(units: number): boolean {
    this.#left -= units;
    return this.#left >= 0;
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
