/**
 * Counts the round trips that wait for each other. Answers are held back until every call that is under way has one,
 * then all go on together: calls made then are the next round. So the count says what the code makes wait, whatever
 * the network and the engine do.
 */
export class Rounds {
  count = 0;
  private underWay = 0;
  private release: () => void = () => {};
  private ended: Promise<void> = Promise.resolve();

  reset(): void {
    this.count = 0;
  }

  /** Carries a call out as a part of the present round. */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.underWay === 0) {
      this.count += 1;
      this.ended = new Promise((resolve) => {
        this.release = resolve;
      });
    }
    this.underWay += 1;
    const { ended } = this;
    try {
      return await call();
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.release();
      await ended;
    }
  }
}
