import type { Deployment } from '../../src/admin/deployment';
import type { PlaygroundTarget } from '../../src/admin/playground/playground';
import type { About } from '../../src/console-api/shown';

/** What a console works on. */
export interface ConsoleTarget {
  readonly deployment: Deployment;
  readonly about: Pick<About, 'target' | 'admin' | 'options'>;
  /** The tenant that the playground sends to, and what its requests led to; absent for a deployed stack. */
  readonly playground?: PlaygroundTarget;
}

/** Where a console listens, and what is behind it. */
export interface ConsoleOptions {
  /** Asked for with the first call: a local run is to start without waiting for the clients of AWS' services. */
  readonly target: () => Promise<ConsoleTarget>;
  /** 0 picks a free one. */
  readonly port: number;
  /** Folder of the built page; asked for with the first request, since the repository builds it then. */
  readonly pageFolder: () => string;
}
