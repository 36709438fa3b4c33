/** Has works that would be in each other's way done one after the other, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Waits for the works on the same thing that came before, however they ended, and does this one.
   *
   * @param thing that two works must not write at once
   */
  async take<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(thing) ?? Promise.resolve()).then(work);
    const end = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(thing, end);
    try {
      return await result;
    } finally {
      if (this.#last.get(thing) === end) this.#last.delete(thing);
    }
  }
}
