import { randomBytes } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/scim/json';
import type { Answer, Client } from '../client';
import type { Scenario, Step, Trace } from './trace';

/** What steps have saved, and a text that no other scenario has. */
export const newSaved = (): Map<string, string> => new Map([['run', randomBytes(4).toString('hex')]]);

/**
 * Replays a scenario step by step, as the client would, and holds every answer to what the client needs.
 *
 * @param saved of a scenario before, which this one goes on with
 */
export async function replay(
  client: Client,
  trace: Trace,
  { steps }: Pick<Scenario, 'steps'>,
  saved = newSaved(),
): Promise<void> {
  for (const step of steps) {
    const query = Object.entries(step.query ?? {}).map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(String(filled(value, saved))).replaceAll('%20', trace.blank)}`,
    );
    const path = [filled(step.path, saved), ...(query.length > 0 ? [query.join('&')] : [])].join('?');
    const body = step.body === undefined ? undefined : filled(step.body, saved);
    const answer = await client(step.method, path, body, { ...trace.headers });
    check(answer, step, saved);
    if (step.save !== undefined) saved.set(step.save, String(answer.body.id));
  }
}

/** Names the step in whatever differs, since a scenario is one test. */
function check(answer: Answer, step: Step, saved: ReadonlyMap<string, string>): void {
  const where = `${step.what}: ${step.method} ${step.path}`;
  const statuses = [step.status].flat();
  const status = statuses.includes(answer.status) ? answer.status : statuses;
  expect({ where, status: answer.status, text: answer.text }).toMatchObject({ where, status });
  if (step.answer !== undefined) {
    expect({ where, body: answer.body }).toMatchObject({
      where,
      body: filled(step.answer, saved) as JsonObject,
    });
  }
  for (const name of step.lacks ?? []) {
    expect({ where, [name]: valueAt(answer.body, name) }).toEqual({ where, [name]: undefined });
  }
  if (step.members !== undefined) {
    const members = Array.isArray(answer.body.members) ? answer.body.members.filter(isJsonObject) : [];
    const ids = step.members.map((id) => filled(id, saved));
    expect({ where, members: members.map(({ value }) => value).sort() }).toEqual({
      where,
      members: ids.sort(),
    });
  }
}

/** Names may lie below the URN of an extension: "urn:… manager". */
function valueAt(body: JsonObject, name: string): JsonValue | undefined {
  const found = name
    .split(' ')
    .reduce<JsonValue | undefined>((part, key) => (isJsonObject(part) ? part[key] : undefined), body);
  return Array.isArray(found) && found.length === 0 ? undefined : found;
}

function filled(value: JsonValue, saved: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') {
    return value.replace(/\{(\w+)\}/g, (_, name: string) => {
      const text = saved.get(name);
      if (text === undefined) throw new Error(`No step has saved {${name}}.`);
      return text;
    });
  }
  if (Array.isArray(value)) return value.map((element) => filled(element, saved));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [filled(key, saved), filled(part ?? null, saved)]),
  );
}
