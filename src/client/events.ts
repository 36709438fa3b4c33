/**
 * What an application imports from `serverless-scim/events`: the events of the bus, their JSON schemas, the check of
 * the webhook's signature, and what a policy function is asked and answers. It needs no package.
 *
 * @packageDocumentation
 */
import credential from '../../docs/events/credential.v1.json';
import group from '../../docs/events/group.v1.json';
import membership from '../../docs/events/membership.v1.json';
import sessions from '../../docs/events/sessions.v1.json';
import tenant from '../../docs/events/tenant.v1.json';
import user from '../../docs/events/user.v1.json';
import answer from '../../docs/policy/policy-answer.v1.json';
import question from '../../docs/policy/policy-question.v1.json';
import { EVENT_TYPES, type EventType } from '../events/event';
import type { JsonObject } from '../scim/json';

export type {
  PolicyAnswer,
  PolicyMembers,
  PolicyQuestion,
  PolicyResource,
} from '../directory/resources/policy';
export { EVENT_TYPES, type EventData, type EventType, type ScimEvent } from '../events/event';
export type { WebhookBody } from '../offboarding/sinks/webhook-message';
export type { JsonObject, JsonValue } from '../scim/json';
export {
  verifyWebhook,
  type WebhookHeaders,
  type WebhookMessage,
  WebhookRefused,
  type WebhookRequest,
} from './verify-webhook';

const SCHEMAS: readonly { readonly properties: { readonly type: { readonly enum: readonly string[] } } }[] = [
  user,
  group,
  membership,
  sessions,
  tenant,
  credential,
];

/**
 * The JSON Schema (2020-12) of an event of a type.
 *
 * @example
 * const isDeactivation = new Ajv2020().compile(eventSchema('user.deactivated'));
 */
export function eventSchema(type: EventType): JsonObject {
  const schema = SCHEMAS.find(({ properties }) => properties.type.enum.includes(type));
  if (schema === undefined)
    throw new TypeError(`"${type}" is no type of event; ${EVENT_TYPES.join(', ')} are.`);
  return schema as unknown as JsonObject;
}

/**
 * The JSON Schema (2020-12) of what a policy function is asked, or of what it answers (docs/policy.md).
 *
 * @example
 * const isAnswer = new Ajv2020().compile(policySchema('answer'));
 */
export const policySchema = (of: 'question' | 'answer'): JsonObject =>
  (of === 'question' ? question : answer) as unknown as JsonObject;
