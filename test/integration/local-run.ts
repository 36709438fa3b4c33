import { type LocalOptions, type LocalRun, startLocal } from '../../local/run';

export type { LocalRun };

/**
 * A local run with an empty table, on free ports. Its functions start when they are called, as on Lambda: most test
 * files need a few of them.
 *
 * @example
 * run = await startTestRun();
 * const scim = clientOf(run.baseUrl, run.token);
 */
export const startTestRun = (options: LocalOptions = {}): Promise<LocalRun> =>
  startLocal({ port: 0, memory: true, coldStart: true, ...options });
