import { randomUUID } from 'node:crypto';
import { AdminError, DirectoryError } from '../../src/admin/errors';
import type { Job, Outcome } from '../../src/console-api/shown';
import { Problem } from '../../src/endpoints/admin/problem';

/** What a work tells while it goes on. */
export interface JobProgress {
  readonly done: number;
  readonly total?: number;
  readonly note?: string;
}

/** A work that takes longer than a request should. */
export interface Work {
  readonly work: string;
  readonly command: string;
  carryOut(told: (progress: JobProgress) => void, signal: AbortSignal): Promise<Outcome>;
}

/** Finished works that can still be looked at. */
const MAX_KEPT = 20;

type Entry = { -readonly [Name in keyof Job]: Job[Name] } & { readonly controller: AbortController };

/** The long works that a console has begun. They are kept in memory: their acts are in the provisioning log. */
export class Jobs {
  /** The newest first. */
  private entries: readonly Entry[] = [];

  /** Begins a work; one of a kind at a time, since two would get in each other's way. @throws Problem conflict */
  start({ work, command, carryOut }: Work): Job {
    if (this.entries.some((entry) => entry.work === work && entry.state === 'running'))
      throw new Problem('conflict', `A work of this kind ("${work}") is under way; wait for it, or stop it.`);
    const entry: Entry = {
      jobId: randomUUID(),
      work,
      command,
      state: 'running',
      startedAt: new Date().toISOString(),
      done: 0,
      controller: new AbortController(),
    };
    // One that is under way stays, however many came since: it can be stopped, and is the only one of its kind.
    const isKept = ({ state }: Entry, place: number) => state === 'running' || place < MAX_KEPT;
    this.entries = [entry, ...this.entries].filter(isKept);
    void carryOut((progress) => Object.assign(entry, progress), entry.controller.signal).then(
      (outcome) => end(entry, { state: 'done', outcome }),
      (error: unknown) => end(entry, { state: 'failed', failure: sentenceOf(error) }),
    );
    return shown(entry);
  }

  list(): readonly Job[] {
    return this.entries.map(shown);
  }

  /** @throws Problem not-found */
  show(jobId: string): Job {
    return shown(this.find(jobId));
  }

  /** Ends a work as soon as what is under way of it is done. @throws Problem not-found */
  stop(jobId: string): Job {
    const entry = this.find(jobId);
    entry.controller.abort();
    return shown(entry);
  }

  stopAll(): void {
    for (const { controller } of this.entries) controller.abort();
  }

  private find(jobId: string): Entry {
    const found = this.entries.find((entry) => entry.jobId === jobId);
    if (found !== undefined) return found;
    throw new Problem('not-found', 'There is no such work; the last twenty of this console are kept.');
  }
}

const shown = ({ controller: _controller, ...job }: Entry): Job => job;

const end = (entry: Entry, end: Pick<Job, 'state' | 'outcome' | 'failure'>): void => {
  Object.assign(entry, end, { endedAt: new Date().toISOString() });
};

function sentenceOf(error: unknown): string {
  if (error instanceof AdminError || error instanceof DirectoryError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
