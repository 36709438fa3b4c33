import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/**
 * A setting that cannot be used; the message names it, what was given and what is accepted.
 *
 * @example
 * if (error instanceof SettingError) console.error(error.message);
 */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** Reads what was given for a setting. @throws SettingError when it cannot be used */
export type Check<Value> = (name: string, given: unknown) => Value;

function refuse(name: string, given: unknown, accepted: string): never {
  throw new SettingError(`The setting "${name}" is ${JSON.stringify(given)}; ${accepted} is accepted.`);
}

/** true or false, also as text: CDK context delivers strings. */
export function flag(name: string, given: unknown): boolean {
  if (given === true || given === 'true') return true;
  if (given === false || given === 'false') return false;
  return refuse(name, given, 'true or false');
}

/** Text of a pattern; `accepted` says in words what that is. */
export function text(pattern: RegExp, accepted: string): Check<string> {
  return (name, given) =>
    typeof given === 'string' && pattern.test(given) ? given : refuse(name, given, accepted);
}

/** The ARN of something that a service has. */
export function arn(service: string): Check<string> {
  return text(new RegExp(`^arn:aws[a-z-]*:${service}:.+$`), `an ARN that starts with "arn:aws:${service}:"`);
}

/** A setting: how what was given is read, and what it is when nothing was given. */
export interface Setting<Value> {
  readonly check: Check<Value>;
  readonly byDefault: Value;
}

/** A setting with a default. */
export function setting<Value>(check: Check<Value>, byDefault: NoInfer<Value>): Setting<Value> {
  return { check, byDefault };
}

/** A setting that may be absent, and is by default. */
export function optional<Value>(check: Check<Value>): Setting<Value | undefined> {
  return { check, byDefault: undefined };
}

/** One of some words. */
export function oneOf<const Value extends string>(values: readonly Value[]): Check<Value> {
  return (name, given) =>
    values.find((value) => value === given) ?? refuse(name, given, `one of ${values.join(', ')}`);
}

/** A whole number within bounds, also as text. */
export function integer(least: number, most: number): Check<number> {
  return (name, given) => {
    const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    return refuse(name, given, `a whole number from ${least} to ${most}`);
  };
}

/** A number of days that CloudWatch Logs keeps logs for. */
export function retentionDays(name: string, given: unknown): number {
  const days = integer(1, 3653)(name, given);
  const known = Object.values(RetentionDays).filter((value) => typeof value === 'number' && value <= 3653);
  return known.includes(days) ? days : refuse(name, given, `one of ${known.join(', ')}`);
}
