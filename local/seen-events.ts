import type { PutEvent } from './services/events';

/** An event that a function has put on the bus, with its number since the start. */
export interface SeenEvent {
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly type: string;
  /** JSON text. */
  readonly detail: string;
}

/** Events that are remembered: what is to be looked at is what happened just now. */
const MAX_KEPT = 500;

/** The last events of a local run, the first one first. */
export class SeenEvents {
  private readonly events: SeenEvent[] = [];
  private count = 0;

  add({ detailType, detail }: PutEvent): void {
    this.count++;
    this.events.push({ number: this.count, time: new Date().toISOString(), type: detailType, detail });
    if (this.events.length > MAX_KEPT) this.events.shift();
  }

  list(): readonly SeenEvent[] {
    return this.events;
  }
}
