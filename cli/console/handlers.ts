import { listDeadLetters } from '../../src/admin/dead-letters/dead-letters';
import { listPending } from '../../src/admin/pending';
import { Playground } from '../../src/admin/playground/playground';
import { SETTINGS } from '../../src/admin/tenant-settings';
import type { InputOf, ResultOf } from '../../src/admin-api/use-case';
import type { CONSOLE_USE_CASES } from '../../src/console-api/use-cases';
import { Problem } from '../../src/endpoints/admin/problem';
import type { Jobs } from './jobs';
import type { ConsoleTarget } from './options';
import { workOf } from './works';

type Table = typeof CONSOLE_USE_CASES;

/** The function behind each row of the console's own table. */
export type ConsoleHandlers = {
  readonly [Group in keyof Table]: {
    readonly [Verb in keyof Table[Group]]: (
      input: InputOf<Table[Group][Verb]>,
    ) => Promise<ResultOf<Table[Group][Verb]>>;
  };
};

/** Marks that the page shows: what is more is an outage. */
const MAX_SHOWN_MARKS = 50;

export function consoleHandlers(
  { deployment, about, playground }: ConsoleTarget,
  jobs: Jobs,
): ConsoleHandlers {
  const played = playground === undefined ? undefined : new Playground(deployment, playground);
  const existing = (): Playground => {
    if (played !== undefined) return played;
    throw new Problem('unsupported', 'There is a playground on a local run alone.');
  };
  return {
    console: {
      about: async () => ({
        ...about,
        actor: deployment.origin.actor,
        baseUrl: deployment.baseUrl,
        hasPlayground: played !== undefined,
        settings: SETTINGS.map(({ name, purpose, accepted, ...definition }) => ({
          name,
          purpose,
          accepted,
          ...(definition.type === 'choice' ? { values: definition.values } : {}),
        })),
      }),
      async system() {
        const { marks, hasMore } = await listPending(deployment);
        const deadLetters = deployment.stack === undefined ? undefined : await listDeadLetters(deployment);
        return {
          pending: { first: marks.slice(0, MAX_SHOWN_MARKS), total: marks.length, hasMore },
          deadLetters,
        };
      },
    },
    jobs: {
      start: async (asked) => jobs.start(workOf(deployment, asked)),
      list: async () => ({ jobs: jobs.list() }),
      show: async ({ jobId }) => jobs.show(jobId),
      stop: async ({ jobId }) => jobs.stop(jobId),
    },
    playground: {
      providers: async () => ({ providers: existing().providers() }),
      send: async ({ provider, step }) => existing().send(provider, step),
      feed: async ({ after }) => existing().feed(after),
    },
  };
}
