/** The latency of one operation, in milliseconds. */
export interface Latency {
  readonly operation: string;
  readonly requests: number;
  /** The first one: on AWS that of a cold start, if there was one. */
  readonly first: number;
  readonly p50: number;
  readonly p99: number;
}

/** Collects how long answers took, by operation. */
export class Latencies {
  private readonly taken = new Map<string, number[]>();

  record(operation: string, milliseconds: number): void {
    const list = this.taken.get(operation);
    if (list === undefined) this.taken.set(operation, [milliseconds]);
    else list.push(milliseconds);
  }

  /** One row an operation. The first answer of each counts for `first` alone. */
  rows(): Latency[] {
    return [...this.taken].map(([operation, [first = 0, ...others]]) => {
      const sorted = (others.length === 0 ? [first] : others).sort((a, b) => a - b);
      const quantile = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? first;
      return {
        operation,
        requests: others.length + 1,
        first,
        p50: quantile(0.5),
        p99: quantile(0.99),
      };
    });
  }
}
