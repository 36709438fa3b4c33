import { isJsonObject } from '../../scim/json';
import { InvalidValue } from '../errors';

declare const brand: unique symbol;

/**
 * What a tenant has chosen, as it is stored and handed on: the JSON text of some settings. The others are as they are
 * by default.
 */
export type SettingsText = string & { readonly [brand]: 'SettingsText' };

/** What a setting takes. */
type Accepted =
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly default: string }
  /** What the service's stack has by that name. */
  | { readonly type: 'name'; readonly accepted: string; readonly default: string }
  | { readonly type: 'integer'; readonly min: number; readonly max: number; readonly default: number };

/** A setting: what it takes, what holds for a tenant that has chosen nothing, and what it is for. */
export type SettingDefinition = Accepted & { readonly purpose: string };

/**
 * Every setting of a tenant. Whatever reads, shows or documents settings goes by this table; a new one is a row here
 * and the code that it is for.
 */
export const TENANT_SETTINGS = {
  uniqueGroupNames: {
    type: 'boolean',
    default: true,
    purpose: 'A second group of a displayName, in any case, is refused (409 uniqueness).',
  },
  reprovision: {
    type: 'choice',
    values: ['new', 'sameExternalId'],
    default: 'new',
    purpose:
      'What a POST with the externalId of a deleted user makes: a new user, or the deleted one under the same id.',
  },
  strict: {
    type: 'boolean',
    default: false,
    purpose:
      'Requests are held to the SCIM interoperability profile: attributes that /Schemas does not list, and a PATCH without path, are refused (400 invalidSyntax).',
  },
  logDays: {
    type: 'integer',
    min: 1,
    max: 3650,
    default: 90,
    purpose: 'For how many days entries of the provisioning log are kept.',
  },
  rate: {
    type: 'name',
    accepted: 'a tier of the service, default or none',
    default: 'default',
    purpose: 'How many requests per second are taken; with none there is no limit of its own.',
  },
} as const satisfies Record<string, SettingDefinition>;

const NAME = /^[a-z][a-z0-9-]{0,29}$/;

export type SettingName = keyof typeof TENANT_SETTINGS;

type ValueOf<Definition> = Definition extends { readonly values: readonly (infer Value)[] }
  ? Value
  : Definition extends { readonly type: 'integer' }
    ? number
    : Definition extends { readonly type: 'name' }
      ? string
      : boolean;

/** The value of every setting. */
export type TenantSettings = {
  readonly [Name in SettingName]: ValueOf<(typeof TENANT_SETTINGS)[Name]>;
};

/** All settings in the order of their table. */
export const SETTING_NAMES = /* @__PURE__ */ Object.keys(TENANT_SETTINGS) as SettingName[];

const definitionOf = (name: SettingName): SettingDefinition => TENANT_SETTINGS[name];

/**
 * Reads what a tenant has chosen. A value that is not accepted is passed over: it is another version's.
 *
 * @param text a `SettingsText`, or nothing
 */
export function settingsIn(text: unknown): TenantSettings {
  const chosen: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
  const given = isJsonObject(chosen) ? chosen : {};
  const entries = SETTING_NAMES.map((name) => {
    const definition = definitionOf(name);
    return [name, acceptedValue(definition, given[name]) ?? definition.default];
  });
  return Object.fromEntries(entries) as TenantSettings;
}

/** What a tenant has chosen itself. A value that is not accepted is passed over: it is another version's. */
export function chosenIn(text: unknown): Partial<TenantSettings> {
  const chosen: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
  const given = isJsonObject(chosen) ? chosen : {};
  const names = SETTING_NAMES.filter((name) => acceptedValue(definitionOf(name), given[name]) !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

/** What holds for a tenant that has chosen nothing. */
export const DEFAULT_TENANT_SETTINGS = /* @__PURE__ */ settingsIn(undefined);

/**
 * Reads settings that somebody has typed, each as a value or as its text.
 *
 * @throws InvalidValue for a name or a value that is not accepted, with what is
 * @example
 * readSettings({ logDays: '30', uniqueGroupNames: false }) // { logDays: 30, uniqueGroupNames: false }
 */
export function readSettings(given: Readonly<Record<string, unknown>>): Partial<TenantSettings> {
  const entries = Object.entries(given).map(([name, value]) => {
    const definition = isSettingName(name) ? definitionOf(name) : undefined;
    if (definition === undefined)
      throw new InvalidValue(
        `There is no setting ${JSON.stringify(name.slice(0, 100))}; ${SETTING_NAMES.map((known) => `${known} (${acceptedText(definitionOf(known))})`).join(', ')} are accepted.`,
      );
    const read = acceptedValue(definition, typeof value === 'string' ? typedValue(definition, value) : value);
    if (read === undefined)
      throw new InvalidValue(
        `${name} is ${JSON.stringify(value)?.slice(0, 100)}; ${acceptedText(definition)} is accepted.`,
      );
    return [name, read];
  });
  return Object.fromEntries(entries) as Partial<TenantSettings>;
}

/** What a tenant has chosen when it changes some settings; the same choice gives the same text. */
export function changedSettings(
  before: SettingsText | undefined,
  change: Partial<TenantSettings>,
): SettingsText {
  const chosen: unknown = before === undefined ? {} : JSON.parse(before);
  const sorted = Object.entries({ ...(isJsonObject(chosen) ? chosen : {}), ...change }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return JSON.stringify(Object.fromEntries(sorted)) as SettingsText;
}

/** What a setting takes, in words. */
export function acceptedText(definition: SettingDefinition): string {
  switch (definition.type) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return definition.values.join(' or ');
    case 'name':
      return definition.accepted;
    case 'integer':
      return `${definition.min} to ${definition.max}`;
  }
}

const isSettingName = (name: string): name is SettingName => Object.hasOwn(TENANT_SETTINGS, name);

/** The value when it is accepted. */
function acceptedValue(definition: SettingDefinition, value: unknown): boolean | string | number | undefined {
  switch (definition.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
      return definition.values.find((accepted) => accepted === value);
    case 'name':
      return typeof value === 'string' && NAME.test(value) ? value : undefined;
    case 'integer': {
      const isAccepted = typeof value === 'number' && Number.isInteger(value);
      return isAccepted && value >= definition.min && value <= definition.max ? value : undefined;
    }
  }
}

/** The value that a text stands for. */
function typedValue({ type }: SettingDefinition, text: string): unknown {
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : undefined);
  if (type === 'integer') return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return text;
}
