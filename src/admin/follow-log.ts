import { type AttributedEntry, Attribution } from '../directory/log/attribution';
import { isRefusal, type LogEntry, type PlacedEntry } from '../directory/log/entry';
import * as log from '../directory/log/read-log';
import type { Deployment } from './deployment';
import { findResource } from './find-resource';
import { type LogInput, readPlaced, shown } from './log';
import { readActor } from './read-actor';
import { findTenant } from './tenants';

/** Which entries are wanted: those so far as for `readLog`, and all that come. */
export type FollowInput = Omit<LogInput, 'until'>;

/**
 * How far each look goes back, and beyond this computer's time, which may be wrong. Entries are some seconds behind
 * what happened, and come in no strict order; those of refusals lie at the beginning of their minute.
 */
const LOOK_BACK_MS = 120_000;
/** So long an entry is kept back that may still turn out to be somebody's. */
const ATTRIBUTED_WITHIN_MS = 10_000;

/**
 * Reads the provisioning log of a tenant, and goes on with what comes, each entry once. What comes more than two
 * minutes late (after an outage behind the stream) is left to `readLog`.
 *
 * @param untilNextLook awaited before each look; whoever iterates ends it by leaving the loop
 * @throws AdminError as `readLog`
 * @example
 * for await (const entries of followLog(deployment, { tenantId: 'acme' }, () => delay(2_000))) console.log(entries);
 */
export async function* followLog(
  deployment: Deployment,
  input: FollowInput,
  untilNextLook: () => Promise<void>,
): AsyncGenerator<readonly LogEntry[]> {
  const { table } = deployment;
  const tenant = await findTenant(deployment, input);
  const resourceId =
    input.about === undefined ? undefined : await findResource(deployment, tenant, input.about);
  const actor = input.actor === undefined ? undefined : readActor(input.actor);
  const first = await readPlaced(deployment, input);
  // What lies before it was cut off by the limit.
  const begin = first.next ?? '';
  const told = new Set(first.entries.map(({ place }) => place));
  yield first.entries.map(shown);
  for (let lookedAt = Date.now(); ; ) {
    await untilNextLook();
    const range = {
      since: new Date(lookedAt - LOOK_BACK_MS).toISOString(),
      until: new Date(Date.now() + LOOK_BACK_MS).toISOString(),
      only: input.failed === true ? ('refused' as const) : undefined,
    };
    lookedAt = Date.now();
    const fresh: PlacedEntry[] = [];
    for await (const entry of log.readLog(table, tenant, range)) {
      if (entry.place < begin || told.has(entry.place)) continue;
      if (resourceId === undefined || entry.resourceId === resourceId) fresh.push(entry);
    }
    const found: AttributedEntry[] = [];
    for (const entry of await new Attribution(table, tenant).attributed(fresh)) {
      if (entry.actor === undefined && lookedAt - Date.parse(entry.time) < ATTRIBUTED_WITHIN_MS) continue;
      told.add(entry.place);
      const isWanted = input.failed !== true || isRefusal(entry);
      if (isWanted && (actor === undefined || entry.actor === actor)) found.unshift(entry);
    }
    for (const place of told) if (place < range.since) told.delete(place);
    if (found.length > 0) yield found.map(shown);
  }
}
