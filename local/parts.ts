/** What has been started, to be stopped in the opposite order. */
export class Parts {
  private readonly stops: (() => void | Promise<void>)[] = [];
  private stopped: Promise<void> | undefined;

  add(stop: () => void | Promise<void>): void {
    this.stops.push(stop);
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const stop of this.stops.reverse()) {
      try {
        await stop();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Both results; waits for both even when one fails, so that what the other one started is known and can be stopped. */
export async function allOrFirstError<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([first, second]);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return Promise.all([first, second]);
}
