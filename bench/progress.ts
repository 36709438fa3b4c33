const EVERY_MS = 1_000;

/**
 * Shows how far a long piece of work is: done, rate, time left. On a terminal one line is overwritten; elsewhere a
 * line is written now and then.
 */
export class Progress {
  private done = 0;
  private readonly start = performance.now();
  private lastShown = this.start;

  constructor(
    private readonly label: string,
    private readonly total: number,
  ) {}

  /** Counts further units of work as done. */
  add(count: number): void {
    this.done += count;
    const now = performance.now();
    const everyMs = process.stderr.isTTY ? EVERY_MS / 4 : EVERY_MS * 10;
    if (now - this.lastShown < everyMs) return;
    this.lastShown = now;
    this.show('');
  }

  /** Ends the line. @returns units a second */
  finish(): number {
    this.show('\n');
    return this.rate();
  }

  private rate(): number {
    return this.done / ((performance.now() - this.start) / 1_000);
  }

  private show(ending: string): void {
    const rate = this.rate();
    const percent = this.total === 0 ? 100 : (this.done / this.total) * 100;
    const left = rate > 0 ? duration((this.total - this.done) / rate) : '?';
    const line = `${this.label}: ${this.done.toLocaleString('en-US')} of ${this.total.toLocaleString('en-US')} (${percent.toFixed(0)} %), ${Math.round(rate).toLocaleString('en-US')}/s, ${left} left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}${ending}`);
    else process.stderr.write(`${line}\n`);
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
