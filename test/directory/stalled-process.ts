import type { Directory } from '../../src/directory/resources/directory';

/** A process that stands still before one of its calls to DynamoDB, as if it were dead, until it is let go on. */
export interface StalledProcess {
  readonly directory: Directory;
  /** Resolves when it stands still. */
  readonly stalled: Promise<void>;
  readonly goOn: () => void;
}

/** @param operation the kind of call, as `TableCall` names it; the first of the kind is meant */
export function stalledBefore(directory: Directory, operation: string): StalledProcess {
  let goOn = () => {};
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isStalled = false;
  let beforeCall = async (_: string) => {};
  const stalled = new Promise<void>((resolve) => {
    beforeCall = async (called) => {
      if (called !== operation || isStalled) return;
      isStalled = true;
      resolve();
      await released;
    };
  });
  return { directory: { ...directory, table: directory.table.with({ beforeCall }) }, stalled, goOn };
}
