import { setTimeout as delay } from 'node:timers/promises';
import type { Deployment } from '../src/admin/deployment';
import { allEvents, type EventsInput, followEvents, type ScimEvent } from '../src/admin/events';
import type { Command } from './command';
import { interruptedBySignals } from './interruption';
import { momentOf } from './moment';
import { tableText } from './table-text';

export const EVENTS: Command = {
  arguments: ['[tenant]'],
  summary: 'give the events that are kept, of a tenant or of all',
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      help: 'from when on: 2h, 10:20 (UTC), 2026-11-25T10:00Z; all that is kept otherwise',
    },
    follow: { type: 'boolean', help: 'go on with what comes, until Ctrl-C' },
  },
  examples: ['events acme --since 2d', 'events acme --since 2h --json', 'events --follow'],
  async run({ deployment, arguments: [tenantId], options }) {
    const input = { tenantId, since: momentOf(options.since) };
    const [asJson, isFollowed] = [options.json === true, options.follow === true];
    return { lines: linesOf(deployment, input, isFollowed, asJson), isData: asJson ? true : undefined };
  },
};

const LOOK_EVERY_MS = 2_000;

/** Wide enough for most events: each page is a table of its own. */
const MIN_WIDTHS = [20, 20, 23];

/** One event per line: nobody knows how many there are. */
async function* linesOf(
  deployment: Deployment,
  input: EventsInput,
  isFollowed: boolean,
  asJson: boolean,
): AsyncGenerator<string> {
  const { signal, end } = interruptedBySignals();
  const untilNextLook = () => delay(LOOK_EVERY_MS, undefined, { signal });
  const pages = isFollowed ? followEvents(deployment, input, untilNextLook) : allEvents(deployment, input);
  let isBegun = false;
  try {
    for await (const events of pages) {
      if (asJson) yield* events.map((event) => JSON.stringify(event));
      else if (events.length > 0 || !isBegun) yield* textOf(events).slice(isBegun ? 1 : 0);
      isBegun = true;
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    end();
  }
}

const textOf = (events: readonly ScimEvent[]): string[] =>
  tableText(
    ['TIME', 'TENANT', 'WHAT', 'DETAILS'],
    events.map(({ time, tenantId, type, data }) => [
      time.replace('.000Z', 'Z'),
      tenantId,
      type,
      Object.entries(data)
        .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`)
        .join('; '),
    ]),
    MIN_WIDTHS,
  ).split('\n');
