/** Words of 32 bits of a digest that are kept: no two of many millions of names have the same. */
const DIGEST_WORDS = 3;
const WORDS_IN_A_SLOT = DIGEST_WORDS + 1;
const MIN_SLOTS = 1_024;

/**
 * Which line of a file has named what, by the digest of the name: 16 bytes a slot, of which at least three eighths are
 * taken. A map of texts takes 70 bytes for each, and a file may have millions.
 */
export class LinesByDigest {
  /** In each slot the digest, and the line and one more: 0 is an empty slot. */
  #words = new Uint32Array(MIN_SLOTS * WORDS_IN_A_SLOT);
  #count = 0;

  /** The line that was set for a digest. @param digest of 12 bytes or more that are as good as random */
  get(digest: Buffer): number | undefined {
    const words = wordsOf(digest);
    const line = this.#words[slotOf(this.#words, words) + DIGEST_WORDS] ?? 0;
    return line === 0 ? undefined : line - 1;
  }

  /** Sets the line for a digest that has none yet. */
  set(digest: Buffer, line: number): void {
    const slots = this.#words.length / WORDS_IN_A_SLOT;
    if (this.#count * 4 >= slots * 3) this.#double();
    put(this.#words, wordsOf(digest), line + 1);
    this.#count++;
  }

  #double(): void {
    const before = this.#words;
    const words = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += WORDS_IN_A_SLOT) {
      const line = before[at + DIGEST_WORDS] ?? 0;
      if (line !== 0) put(words, before.subarray(at, at + DIGEST_WORDS), line);
    }
    this.#words = words;
  }
}

const wordsOf = (digest: Buffer): Uint32Array =>
  Uint32Array.from({ length: DIGEST_WORDS }, (_, word) => digest.readUInt32LE(word * 4));

function put(table: Uint32Array, digest: Uint32Array, line: number): void {
  const at = slotOf(table, digest);
  table.set(digest, at);
  table[at + DIGEST_WORDS] = line;
}

/** Where the digest is, or the empty slot that is its: the first behind the one that its beginning says. */
function slotOf(table: Uint32Array, digest: Uint32Array): number {
  const slots = table.length / WORDS_IN_A_SLOT;
  for (let slot = (digest[0] ?? 0) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
    const at = slot * WORDS_IN_A_SLOT;
    if (table[at + DIGEST_WORDS] === 0 || digest.every((word, n) => table[at + n] === word)) return at;
  }
}
