import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseJson, recordOf, stringOf } from '../json';

/**
 * How far each event source mapping has read each shard, kept in a file so that a restart goes on where the last run
 * stopped. A record is delivered again when the local run is killed between its delivery and this file; consumers
 * must bear that in AWS too.
 */
export class Positions {
  private readonly positions: Record<string, string>;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {
    this.positions = {};
    for (const [key, value] of Object.entries(recordOf(parseJson(read(file))))) {
      const sequenceNumber = stringOf(value);
      if (sequenceNumber !== undefined) this.positions[key] = sequenceNumber;
    }
  }

  /** The sequence number of the last record that is done with. */
  get(mapping: string, shard: string): string | undefined {
    return this.positions[`${mapping} ${shard}`];
  }

  set(mapping: string, shard: string, sequenceNumber: string): void {
    this.positions[`${mapping} ${shard}`] = sequenceNumber;
    // Under load a mapping moves on hundreds of times a second; writing the file each time would be most of its work.
    this.timer ??= setTimeout(() => this.save(), 100);
  }

  save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    writeFileSync(`${this.file}.new`, JSON.stringify(this.positions));
    renameSync(`${this.file}.new`, this.file);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}';
  }
}
