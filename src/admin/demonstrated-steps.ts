/** A step, with the milliseconds that it took. */
export interface DemonstratedStep {
  readonly step: string;
  readonly result: string;
  readonly milliseconds: number;
}

/** Does steps one after the other and keeps how long each took. */
export function demonstratedSteps() {
  const steps: DemonstratedStep[] = [];
  return {
    steps,
    /** @param show what is said of the result */
    async timed<T>(step: string, work: () => Promise<T>, show: (result: T) => string): Promise<T> {
      const start = performance.now();
      const result = await work();
      steps.push({ step, result: show(result), milliseconds: performance.now() - start });
      return result;
    },
  };
}
