import type { Table } from '../../directory/table/table';
import { listTenants, type Tenant } from '../../directory/tenants/tenants';
import { readTold, type Told, writeTold } from '../../directory/tenants/told';
import type { EventData, EventType, ScimEvent } from '../event';
import { eventId } from '../events-of';
import { type Connection, type ConnectionThresholds, connectionOf } from './connections';
import { type ActivityThresholds, type Unusual, unusualIn } from './unusual';

/** From when on something is worth telling. */
export type Thresholds = ActivityThresholds & ConnectionThresholds;

/** What a run has seen. */
export interface Watched {
  /** Tenants with an unusual number of deactivations or deletions, and of refusals. */
  readonly unusual: number;
  readonly refusing: number;
  /** Tenants that have fallen silent, once per silence. Undefined when connections were not looked at. */
  readonly silent: number | undefined;
  /** Tokens that end within `expiringDays`. Undefined when connections were not looked at. */
  readonly expiring: number | undefined;
  /** Tenants that were left to the next run, since the time was up. */
  readonly left: number;
}

/** How a run over all tenants is done. */
export interface WatchTask {
  readonly now: Date;
  /** Milliseconds since 1970 after which no further tenant is begun. */
  readonly deadline: number;
  readonly thresholds: Thresholds;
  /** Whether tokens are looked at, too. */
  readonly withConnections: boolean;
  /** Tells the vendor; what it throws leaves the events to the next run. */
  readonly publish: (events: readonly ScimEvent[]) => Promise<void>;
  /** Is told of each event, and of what is still unusual though it was told before. */
  readonly onFound: (tenantId: string, type: EventType, data: EventData) => void;
  /** Is told of a tenant that could not be looked at; the others are. */
  readonly onFailure: (tenantId: string, error: unknown) => void;
}

/** Something to tell, with what is remembered of it once it is told. */
interface Finding {
  readonly type: EventType;
  readonly data: EventData;
  /** Tells it from others of its type and tenant, the same until it is told. */
  readonly unique: string;
  readonly isDue: boolean;
  readonly mark: (told: Told) => Told;
}

/** What goes on is told again after an hour. */
const TOLD_AGAIN_AFTER_MS = 3_600_000;
const AT_ONCE = 8;

/**
 * Looks at each active tenant, and tells the vendor what somebody should look into: deactivations, deletions or
 * refusals in unusual numbers, a connection that has fallen silent, tokens that end. Nothing is ever held back by it.
 *
 * An event is published before it is remembered as told, so that it comes once or, after a failure, more often under
 * the same id.
 */
export async function watchTenants(table: Table, task: WatchTask): Promise<Watched> {
  const tenants = (await listTenants(table)).filter(({ status }) => status === 'active');
  const watched = { unusual: 0, refusing: 0, silent: 0, expiring: 0, left: tenants.length };
  // Should the time ever be too short for all, others are left in the next run.
  const start = Math.floor(Math.random() * tenants.length);
  const waiting = [...tenants.slice(start), ...tenants.slice(0, start)].values();
  const lane = async () => {
    // Checked behind a tenant, so that every run, however late, looks at some.
    for (const tenant of waiting) {
      watched.left--;
      try {
        const { unusual, refusing, silent, expiring } = await watchTenant(table, tenant, task);
        watched.unusual += unusual;
        watched.refusing += refusing;
        watched.silent += silent;
        watched.expiring += expiring;
      } catch (error) {
        task.onFailure(tenant.tenantId, error);
      }
      if (Date.now() >= task.deadline) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return task.withConnections ? watched : { ...watched, silent: undefined, expiring: undefined };
}

async function watchTenant(table: Table, { tenantId }: Tenant, task: WatchTask) {
  const { now, thresholds, withConnections, publish, onFound } = task;
  const [unusual, connection] = await Promise.all([
    unusualIn(table, tenantId, thresholds, now),
    withConnections ? connectionOf(table, tenantId, thresholds, now) : undefined,
  ]);
  const losses = unusual.filter(({ activity }) => activity !== 'refusals');
  const isNews =
    unusual.length > 0 || connection?.silentSince !== undefined || (connection?.expiring.length ?? 0) > 0;
  const told = isNews ? await readTold(table, tenantId) : undefined;
  const findings =
    told === undefined
      ? []
      : [
          ...unusual.map((found) => unusualFinding(found, told, now)),
          ...(connection === undefined ? [] : connectionFindings(connection, told)),
        ];
  const due = findings.filter(({ isDue }) => isDue);
  for (const { type, data } of findings.filter(
    ({ isDue, type }) => isDue || type === 'tenant.unusual_activity',
  ))
    onFound(tenantId, type, data);
  if (told !== undefined && due.length > 0) {
    await publish(due.map((finding) => eventOf(tenantId, finding, now)));
    const marked = due.reduce((before, { mark }) => mark(before), withoutGone(told, connection));
    await writeTold(table, tenantId, marked, now);
  }
  return {
    unusual: losses.length > 0 ? 1 : 0,
    refusing: unusual.length > losses.length ? 1 : 0,
    silent: due.some(({ type }) => type === 'tenant.silent') ? 1 : 0,
    expiring: connection?.ending ?? 0,
  };
}

function unusualFinding(found: Unusual, { unusual }: Told, now: Date): Finding {
  const { activity } = found;
  const last = unusual[activity];
  return {
    type: 'tenant.unusual_activity',
    data: { ...found },
    unique: `${activity}/${last ?? ''}`,
    isDue: last === undefined || now.getTime() - Date.parse(last) >= TOLD_AGAIN_AFTER_MS,
    mark: (told) => ({ ...told, unusual: { ...told.unusual, [activity]: now.toISOString() } }),
  };
}

function connectionFindings({ silentSince, expiring }: Connection, before: Told): Finding[] {
  const silence: Finding[] =
    silentSince === undefined
      ? []
      : [
          {
            type: 'tenant.silent',
            data: { lastRequestAt: silentSince },
            unique: silentSince,
            isDue: before.silentSince !== silentSince,
            mark: (told) => ({ ...told, silentSince }),
          },
        ];
  const ends = expiring.flatMap(({ credential, succession, daysLeft, reached = 0 }): Finding => {
    const { id, tokenId, clientId, secretHint, endsAt, lastUsedAt } = credential;
    return {
      type: 'credential.expiring',
      data: {
        ...(tokenId === undefined ? {} : { tokenId }),
        ...(clientId === undefined ? {} : { clientId, secretHint }),
        expiresAt: new Date(endsAt).toISOString(),
        daysLeft,
        successor: succession,
        ...(lastUsedAt === undefined ? {} : { lastRequestAt: lastUsedAt }),
      },
      unique: `${id}/${endsAt}/${reached}`,
      isDue: (before.expiring[id] ?? Number.POSITIVE_INFINITY) > reached,
      mark: (told) => ({ ...told, expiring: { ...told.expiring, [id]: reached } }),
    };
  });
  return [...silence, ...ends];
}

/** Forgets credentials that are no more. */
function withoutGone(told: Told, connection: Connection | undefined): Told {
  if (connection === undefined) return told;
  const kept = Object.entries(told.expiring).filter(([id]) => connection.credentialIds.includes(id));
  return { ...told, expiring: Object.fromEntries(kept) };
}

const eventOf = (tenantId: string, { type, data, unique }: Finding, now: Date): ScimEvent => ({
  id: eventId(type, tenantId, unique),
  version: '1',
  type,
  time: `${now.toISOString().slice(0, 19)}.000Z`,
  tenantId,
  sequence: String(now.getTime()),
  data,
});
