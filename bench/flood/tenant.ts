import { setTimeout as delay } from 'node:timers/promises';
import type { LocalRun } from '../../local/run';

/** What a tenant noticed. */
export interface Noticed {
  readonly requests: number;
  /** Requests whose first answer was 429. */
  readonly throttled: number;
  /** Requests that were answered 429 each time. */
  readonly unanswered: number;
  /** How long each request took until its last answer, with the pauses before repetitions. */
  readonly milliseconds: readonly number[];
}

const REQUESTS = 150;
const EVERY_MS = 100;
const MAX_REPETITIONS = 3;

/**
 * Has a tenant send some ten requests per second, as an identity provider does: 429 is repeated after `Retry-After`.
 */
export async function watchTenant({ baseUrl, token }: LocalRun, path: string): Promise<Noticed> {
  const answered: Promise<{ readonly times429: number; readonly milliseconds: number }>[] = [];
  for (let count = 0; count < REQUESTS; count++) {
    answered.push(ask(`${baseUrl}${path}`, token));
    // Uneven, so as not to keep step with anything.
    await delay(EVERY_MS * (0.5 + Math.random()));
  }
  const all = await Promise.all(answered);
  return {
    requests: REQUESTS,
    throttled: all.filter(({ times429 }) => times429 > 0).length,
    unanswered: all.filter(({ times429 }) => times429 > MAX_REPETITIONS).length,
    milliseconds: all.map(({ milliseconds }) => milliseconds),
  };
}

async function ask(url: string, token: string) {
  const started = performance.now();
  for (let times429 = 0; ; times429++) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    if (answer.status !== 429 && answer.status !== 200)
      throw new Error(`The tenant was answered ${answer.status}.`);
    const isLast = answer.status === 200 || times429 >= MAX_REPETITIONS;
    if (isLast) {
      const refused = answer.status === 429 ? 1 : 0;
      return { times429: times429 + refused, milliseconds: performance.now() - started };
    }
    await delay(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}
