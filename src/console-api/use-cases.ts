import { integer, object, oneOf, type Schema, text } from '../admin-api/schema';
import { useCase } from '../admin-api/use-case';
import type { About, Job, PlaygroundAnswer, PlaygroundFeed, PlaygroundProvider, System } from './shown';

/** What an answer is, where nobody but the console reads it: its type alone. */
const shown = <T>(): Schema<T> => ({ json: { type: 'object' } });

const TENANT_ID = text('Id of the tenant.', { minLength: 1, maxLength: 40 });
const MOMENT = text('A moment with its zone, as in 2026-11-25T10:00:00Z.', { maxLength: 40 });

/** The works that may take longer than a request should, each with its command. */
export const WORKS = ['check', 'undo', 'dead-letter redrive', 'tenant delete', 'verify'] as const;

/**
 * What the operator's console asks its server besides the admin API (src/admin-api/): what the commands do that the API
 * has not, since it takes minutes or repairs the service itself; and the playground of a local run. The names of the
 * page's methods are the names here.
 */
export const CONSOLE_USE_CASES = {
  console: {
    /** What the console works on, and how its commands are called. */
    about: useCase({
      method: 'GET',
      path: '/v1/console',
      summary: 'Tell what the console works on',
      command: 'console',
      does: 'read',
      result: shown<About>(),
    }),
    /** Work that waits behind the requests, and what was given up. */
    system: useCase({
      method: 'GET',
      path: '/v1/console/system',
      summary: 'Tell what waits behind the requests, and what was given up',
      command: 'dead-letter list',
      does: 'read',
      result: shown<System>(),
    }),
  },
  jobs: {
    /** Begins long work; one of a kind at a time. */
    start: useCase({
      method: 'POST',
      path: '/v1/console/jobs',
      summary: 'Begin long work',
      command: 'check',
      does: 'change',
      body: object(
        { work: oneOf('What is to be done.', WORKS) },
        {
          tenantId: TENANT_ID,
          since: MOMENT,
          until: MOMENT,
          actor: text('Whose acts are undone, as the log tells it.', { maxLength: 1_000 }),
          about: text('Only what is about this user or group.', { maxLength: 1_000 }),
          write: oneOf('Do it, or repair it; otherwise it is only shown.', ['yes']),
          confirm: text("The tenant's id once more, where it cannot be undone.", { maxLength: 40 }),
        },
      ),
      result: shown<Job>(),
    }),
    /** The works of this console, the newest first. */
    list: useCase({
      method: 'GET',
      path: '/v1/console/jobs',
      summary: 'List the works that were begun here',
      command: 'check',
      does: 'read',
      result: shown<{ readonly jobs: readonly Job[] }>(),
    }),
    /** How far a work has come. */
    show: useCase({
      method: 'GET',
      path: '/v1/console/jobs/{jobId}',
      summary: 'Tell how far a work has come',
      command: 'check',
      does: 'read',
      result: shown<Job>(),
    }),
    /** Ends a work: what is under way is finished, and nothing more is begun. */
    stop: useCase({
      method: 'POST',
      path: '/v1/console/jobs/{jobId}/stop',
      summary: 'End a work',
      command: 'check',
      does: 'change',
      result: shown<Job>(),
    }),
  },
  playground: {
    /** The identity providers that the playground can play. */
    providers: useCase({
      method: 'GET',
      path: '/v1/console/playground',
      summary: 'List the identity providers that can be played',
      command: 'console',
      does: 'read',
      result: shown<{ readonly providers: readonly PlaygroundProvider[] }>(),
    }),
    /** Sends one request as an identity provider would. */
    send: useCase({
      method: 'POST',
      path: '/v1/console/playground',
      summary: 'Send a request as an identity provider would',
      command: 'console',
      does: 'change',
      body: object({
        provider: text('Which identity provider.', { maxLength: 40 }),
        step: text('Which of its steps.', { maxLength: 40 }),
      }),
      result: shown<PlaygroundAnswer>(),
    }),
    /** What followed: events and sessions. */
    feed: useCase({
      method: 'GET',
      path: '/v1/console/playground/feed',
      summary: 'Tell what followed',
      command: 'console',
      does: 'read',
      query: object({}, { after: integer('Only what came behind this one.', 0, 1_000_000_000) }),
      result: shown<PlaygroundFeed>(),
    }),
  },
};

/** Every path of the table, once. */
export const CONSOLE_PATHS: readonly string[] = [
  ...new Set(
    Object.values(CONSOLE_USE_CASES).flatMap((group) => Object.values(group).map(({ path }) => path)),
  ),
];
