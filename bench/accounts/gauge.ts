import { loadavg } from 'node:os';
import type { TableCall } from '../../src/directory/table/table';
import { cpuTimes } from '../load/cpu';

/** What one step took; CPU times in ms. */
export interface Taken {
  readonly seconds: number;
  readonly cpu: { readonly own: number; readonly engine: number } | undefined;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** The most memory that this process had, in MB. */
  readonly peakMb: number;
  /** Runnable processes of the whole machine, on average. */
  readonly load: number;
}

const EVERY_MS = 250;

/** Looks at this process, the engine below it and the machine while a step goes on. */
export class Gauge {
  private units = { read: 0, write: 0 };

  /** For the table that the steps use. */
  readonly onCall = ({ readUnits, writeUnits }: TableCall): void => {
    this.units.read += readUnits;
    this.units.write += writeUnits;
  };

  async measure<T>(work: () => Promise<T>): Promise<{ result: T; taken: Taken }> {
    this.units = { read: 0, write: 0 };
    const loads: number[] = [];
    let peak = 0;
    const look = () => {
      loads.push(loadavg()[0] ?? 0);
      peak = Math.max(peak, process.memoryUsage().rss);
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    const [start, before] = [performance.now(), cpuTimes(process.pid)];
    try {
      const result = await work();
      const [end, after] = [performance.now(), cpuTimes(process.pid)];
      look();
      const cpu =
        before && after
          ? { own: after.server - before.server, engine: after.database - before.database }
          : undefined;
      const taken = {
        seconds: (end - start) / 1_000,
        cpu,
        readUnits: this.units.read,
        writeUnits: this.units.write,
        peakMb: peak / 1e6,
        load: loads.reduce((sum, load) => sum + load, 0) / loads.length,
      };
      return { result, taken };
    } finally {
      clearInterval(timer);
    }
  }
}
