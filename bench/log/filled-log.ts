import { entryPut } from '../../src/directory/log/entry';
import type { TenantId } from '../../src/directory/table/keys';
import type { Item } from '../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { idOf, type LoadedItems, userItems } from '../scale/loader';

/** A log of some length, over `DAYS` days. */
export interface FilledLog {
  readonly tenant: TenantId;
  readonly entries: number;
  /** When the last entry is, in milliseconds since 1970. */
  readonly end: number;
}

const DAY_MS = 86_400_000;
const DAYS = 30;
/** Each user of the others has so many entries. */
const ENTRIES_PER_USER = 10;
/** The user who is looked up, and how many entries tell of them. */
export const LOOKED_UP = idOf('User', 10_000_000);
export const ENTRIES_OF_LOOKED_UP = 20;
/** Who has deactivated how many in a quarter of an hour, two days before the end, and then deleted a group. */
export const WRONG = 'token:wrong';
export const DEACTIVATED = 100;
export const QUARTER_MS = 900_000;
export const quarterOf = ({ end }: FilledLog): number => end - 2 * DAY_MS;

/** The items of such a log, with the users who were deactivated. */
export function* itemsOf(log: FilledLog): Generator<LoadedItems> {
  const { tenant, entries, end } = log;
  const users = Math.ceil(entries / ENTRIES_PER_USER);
  const everyMs = (DAYS * DAY_MS) / entries;
  for (let n = 0; n < entries; n++) {
    const resourceId = idOf('User', 1_000_000 + (n % users));
    yield { items: [entry(log, end - n * everyMs, n, { type: 'user.updated', resourceId })], units: 1 };
  }
  for (let n = 0; n < ENTRIES_OF_LOOKED_UP; n++) {
    const at = end - n * ((DAYS * DAY_MS) / ENTRIES_OF_LOOKED_UP);
    yield {
      items: [entry(log, at, entries + n, { type: 'user.updated', resourceId: LOOKED_UP })],
      units: 0,
    };
  }
  const begin = quarterOf(log);
  const created = new Date(end - DAYS * DAY_MS).toISOString();
  for (let n = 0; n < DEACTIVATED; n++) {
    const [user, ...others] = userItems(tenant, n, created);
    const at = begin + n * (QUARTER_MS / DEACTIVATED / 2);
    const act = {
      type: 'user.deactivated',
      resourceId: idOf('User', n),
      actor: WRONG,
      active: false,
    } as const;
    if (user !== undefined)
      yield {
        items: [{ ...user, active: false }, ...others, entry(log, at, 2 * entries + n, act)],
        units: 0,
      };
  }
  const deletion = { type: 'group.deleted', resourceId: idOf('Group', 0), actor: WRONG } as const;
  yield { items: [entry(log, begin + QUARTER_MS, 3 * entries, deletion)], units: 0 };
}

type Told = Omit<Parameters<typeof entryPut>[1], 'time'>;

function entry({ tenant }: FilledLog, at: number, n: number, told: Told): Item {
  const time = new Date(Math.floor(at / 1000) * 1000).toISOString();
  const sequence = `44215845000000000${String(n).padStart(9, '0')}`;
  const changed = told.type === 'user.updated' ? { active: true, changed: ['displayName', 'title'] } : {};
  return entryPut(
    tenant,
    { actor: 'token:kX2abCdEf', ...changed, ...told, requestId: `${idOf('User', n)}`, time },
    sequence,
    DEFAULT_TENANT_SETTINGS,
  ).item;
}
