import { type Setting, SettingError } from './setting-checks';
import { DEFAULT_SETTINGS, eachSetting, type ScimStackProps, SETTINGS, type SettingName } from './settings';
import { refuseSmallBurst } from './tenant-tiers';

/**
 * Completes and checks settings.
 *
 * @param given looks a setting up by its name; undefined for one that is not given. CDK context delivers strings, so
 *   "false" and "300" are read too.
 * @throws SettingError for the first setting that cannot be used
 * @example readSettings((name) => app.node.tryGetContext(name))
 */
export function readSettings(given: (name: SettingName) => unknown): ScimStackProps {
  const settings = eachSetting((_, name) => readSetting(name, given(name)));
  refuseContradictions(settings);
  return settings;
}

/**
 * Completes and checks one setting.
 *
 * @param givenAs what it is called where it was given, for the error
 * @throws SettingError when it cannot be used
 */
export function readSetting<Name extends SettingName>(
  name: Name,
  given: unknown,
  givenAs: string = name,
): ScimStackProps[Name] {
  const { check, byDefault } = SETTINGS[name] as Setting<ScimStackProps[Name]>;
  return given === undefined || given === '' ? byDefault : check(givenAs, given);
}

function refuseContradictions(settings: ScimStackProps): void {
  if (settings.cognitoUsername !== 'id' && settings.cognitoTenant === undefined) {
    throw new SettingError(
      `The setting "cognitoUsername" is "${settings.cognitoUsername}", which users of two tenants may share; name the one tenant that the pool serves with "cognitoTenant", or take "id".`,
    );
  }
  if ((settings.webhookUrl === undefined) !== (settings.webhookSecretArn === undefined)) {
    throw new SettingError(
      'The settings "webhookUrl" and "webhookSecretArn" go together; only one was given.',
    );
  }
  if ((settings.domainName === undefined) !== (settings.certificateArn === undefined)) {
    throw new SettingError('The settings "domainName" and "certificateArn" go together; only one was given.');
  }
  if (settings.webhookSecretKeyArn !== undefined && settings.webhookSecretArn === undefined) {
    throw new SettingError(
      'The setting "webhookSecretKeyArn" needs "webhookSecretArn", which was not given.',
    );
  }
  if (
    settings.tableStreamArn !== undefined &&
    settings.tableEncryption !== DEFAULT_SETTINGS.tableEncryption
  ) {
    throw new SettingError(
      'The setting "tableEncryption" is about a table that the stack makes, and "tableStreamArn" names one that exists; if a customer-managed key encrypts it, name the key in "tableKeyArn".',
    );
  }
  if (settings.tableKeyArn !== undefined && settings.tableStreamArn === undefined) {
    throw new SettingError(
      'The setting "tableKeyArn" needs "tableStreamArn", the table that the key encrypts.',
    );
  }
  refuseTwoWebAcls(settings);
  refuseSmallBurst(settings.tenantRate, settings.tenantBurst);
  refusePolicyWithoutTime(settings.policyFunctionArn, settings.apiTimeoutSeconds);
}

/** What the policy function may take, and what a request needs besides. */
const MIN_TIMEOUT_WITH_POLICY_S = 6;

/** @throws SettingError when a policy function would have no time to answer */
export function refusePolicyWithoutTime(policyFunction: unknown, apiTimeoutSeconds: number): void {
  if (policyFunction !== undefined && apiTimeoutSeconds < MIN_TIMEOUT_WITH_POLICY_S) {
    throw new SettingError(
      `The setting "apiTimeoutSeconds" is ${apiTimeoutSeconds}, and a policy function may take 2 of them; with one, ${MIN_TIMEOUT_WITH_POLICY_S} to 29 are accepted.`,
    );
  }
}

/** @throws SettingError when the service would make a web ACL, and another one was named */
export function refuseTwoWebAcls({ webAcl, webAclArn }: Pick<ScimStackProps, 'webAcl' | 'webAclArn'>): void {
  if (webAcl === 'rate' && webAclArn !== undefined) {
    throw new SettingError(
      'The settings "webAcl" (rate) and "webAclArn" exclude each other: an API has one web ACL; put the rate rule into your own, or leave "webAclArn" out.',
    );
  }
}
