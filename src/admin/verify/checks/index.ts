import type { Check } from '../check';
import { BULK } from './bulk';
import { CONCURRENCY } from './concurrency';
import { DISCOVERY } from './discovery';
import { ENTRA } from './entra';
import { ERRORS } from './errors';
import { HTTP } from './http';
import { LATENCY } from './latency';
import { LIMITS } from './limits';
import { LISTS } from './lists';
import { OAUTH } from './oauth';
import { OFFBOARDING } from './offboarding';
import { OKTA } from './okta';
import { STACK } from './stack';
import { TOKENS } from './tokens';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...DISCOVERY,
  ...ENTRA,
  ...OKTA,
  ...ERRORS,
  ...HTTP,
  ...LISTS,
  ...BULK,
  ...CONCURRENCY,
  ...LIMITS,
  ...TOKENS,
  ...OAUTH,
  ...OFFBOARDING,
  ...LATENCY,
  ...STACK,
];

/** What no run from outside can prove, told beside the table so that nobody takes a green table for more. */
export const NOT_PROVEN: readonly string[] = [
  'that an alarm reaches a person: send yourself one (docs/operations.md)',
  'that your identity provider reaches the URL with its token: use its "Test connection"',
  'what only a fault of AWS brings about: 504 for a function that crashes or takes too long, retries, dead letters',
  "what takes days: the end of tombstones and tokens by the table's TTL, the recovery of a point in time",
  'that rules on the event bus, a Cognito user pool or a webhook do what you want with what they are told',
  'how it behaves under load: npm run bench:load measures the local run, docs/capacity.md tells the limits',
];
