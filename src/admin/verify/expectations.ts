import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../../scim/json';
import { fail } from './check';
import type { Answer } from './scim-client';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
const MAX_SHOWN = 160;

/** @throws CheckFailed when the status is another one */
export function expectStatus(answer: Answer, ...accepted: readonly number[]): void {
  if (accepted.includes(answer.status)) return;
  const detail = typeof answer.body.detail === 'string' ? `: ${shown(answer.body.detail)}` : '';
  fail(`${answer.request} was answered ${answer.status} in place of ${accepted.join(' or ')}${detail}`);
}

/** An error must be one that Okta and Entra ID can read (RFC 7644 section 3.12). @throws CheckFailed */
export function expectScimError(answer: Answer, status: number, scimType?: string): void {
  expectStatus(answer, status);
  const where = `the ${status} of ${answer.request}`;
  const { schemas, status: inBody, detail } = answer.body;
  expectMediaType(answer);
  if (!Array.isArray(schemas) || !schemas.includes(ERROR_SCHEMA))
    fail(`${where} is not a SCIM Error message`);
  if (inBody !== String(status)) fail(`${where} has the status ${shown(inBody)} in its body`);
  if (typeof detail !== 'string' || detail === '') fail(`${where} has no detail`);
  if (scimType !== undefined) expectEqual(`the scimType of ${where}`, answer.body.scimType, scimType);
}

/** @throws CheckFailed when the body is not declared as SCIM */
export function expectMediaType(answer: Answer): void {
  const type = answer.headers['content-type'] ?? 'none';
  if (!/^application\/scim\+json\b/i.test(type))
    fail(`the ${answer.status} of ${answer.request} has the Content-Type ${shown(type)}`);
}

/** @param what as in `"active" after the deactivation` @throws CheckFailed */
export function expectEqual(what: string, found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted)) fail(`${what} is ${shown(found)} in place of ${shown(wanted)}`);
}

/** The id of what was created. @throws CheckFailed when there is none */
export function idOf(answer: Answer): string {
  expectStatus(answer, 201);
  const { id } = answer.body;
  return typeof id === 'string' && id !== '' ? id : fail(`the answer to ${answer.request} has no id`);
}

/** The resources of a list. @throws CheckFailed when the answer is no ListResponse */
export function resourcesOf(answer: Answer): JsonObject[] {
  expectStatus(answer, 200);
  const { totalResults, Resources: resources = [] } = answer.body;
  if (typeof totalResults !== 'number' || !Array.isArray(resources))
    fail(`the answer to ${answer.request} is not a ListResponse`);
  return resources.filter((resource): resource is JsonObject => isJsonObject(resource));
}

/** The ids of a group's members. */
export function memberIdsOf({ body }: Answer): string[] {
  const members = Array.isArray(body.members) ? body.members : [];
  return members.flatMap((member) =>
    isJsonObject(member) && typeof member.value === 'string' ? [member.value] : [],
  );
}

/** A value for people: as JSON, so that no control character reaches the terminal, and not too long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
