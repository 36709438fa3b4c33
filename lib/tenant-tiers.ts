import { SettingError } from './setting-checks';

/** What a tenant may send: requests per second, and how many may arrive at once above that. */
export interface Tier {
  readonly rate: number;
  readonly burst: number;
}

/** Limits by their names, which `tenant set … rate=` takes. */
export type Tiers = Readonly<Record<string, Tier>>;

/** The tier of a tenant that has chosen nothing. */
export const DEFAULT_TIER = 'default';
/** Stands for no limit of one's own: the name of no tier. */
const NO_TIER = 'none';

/** What identity providers may count on (IPSIE AL1 profile, section 4.3). */
export const MIN_TENANT_RATE = 25;
/** API Gateway's own for an account in most Regions. */
export const MAX_TENANT_RATE = 10_000;
/** An account has 300 usage plans in a Region, of all its services. */
const MAX_TIERS = 100;
const NAME = /^[a-z][a-z0-9-]{0,29}$/;

/** Requests per second of one tenant. */
export function tenantRate(name: string, given: unknown): number {
  return readRate(`The setting "${name}"`, given);
}

/** Tiers as an object or its JSON text: CDK context delivers strings. */
export function tenantTiers(name: string, given: unknown): Tiers {
  const what = `The setting "${name}"`;
  const tiers = typeof given === 'string' ? parse(given) : given;
  if (!isObject(tiers)) {
    throw new SettingError(
      `${what} is ${JSON.stringify(given)}; tiers by their names are accepted, as in {"gold":{"rate":200,"burst":400}}.`,
    );
  }
  const entries = Object.entries(tiers);
  if (entries.length > MAX_TIERS) {
    throw new SettingError(`${what} has ${entries.length} tiers; ${MAX_TIERS} at most are accepted.`);
  }
  return Object.fromEntries(
    entries.map(([tier, limits]) => [readName(what, tier), readTier(what, tier, limits)]),
  );
}

/** @throws SettingError when fewer requests may arrive at once than flow in a second */
export function refuseSmallBurst(rate: number, burst: number): void {
  if (burst >= rate) return;
  throw new SettingError(
    `The setting "tenantBurst" is ${burst}, below "tenantRate" (${rate}): requests of one second could not be sent at once; ${rate} or more is accepted.`,
  );
}

function readName(what: string, name: string): string {
  if (NAME.test(name) && name !== DEFAULT_TIER && name !== NO_TIER) return name;
  throw new SettingError(
    `${what} has a tier ${JSON.stringify(name)}; names of 1 to 30 lower-case letters, digits and hyphens that begin with a letter are accepted, "${DEFAULT_TIER}" (which "tenantRate" is for) and "${NO_TIER}" excepted.`,
  );
}

function readTier(what: string, name: string, given: unknown): Tier {
  const { rate, burst, ...others } = isObject(given) ? given : {};
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new SettingError(`${what} has ${JSON.stringify(`${name}.${other}`)}; rate and burst are accepted.`);
  }
  const tier = { rate: readRate(`${what}'s "${name}.rate"`, rate), burst: Number(burst) };
  if (
    typeof burst === 'number' &&
    Number.isInteger(burst) &&
    burst >= tier.rate &&
    burst <= 2 * MAX_TENANT_RATE
  ) {
    return tier;
  }
  throw new SettingError(
    `${what}'s "${name}.burst" is ${JSON.stringify(burst)}; a whole number from its rate, ${tier.rate}, to ${2 * MAX_TENANT_RATE} is accepted.`,
  );
}

function readRate(what: string, given: unknown): number {
  const rate = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  const isRate = typeof rate === 'number' && Number.isInteger(rate);
  if (isRate && rate >= MIN_TENANT_RATE && rate <= MAX_TENANT_RATE) return rate;
  throw new SettingError(
    `${what} is ${JSON.stringify(given)}; a whole number from ${MIN_TENANT_RATE} to ${MAX_TENANT_RATE} is accepted: identity providers may count on ${MIN_TENANT_RATE} requests per second per tenant (IPSIE, section 4.3).`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
