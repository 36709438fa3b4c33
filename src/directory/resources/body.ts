import type { JsonObject } from '../../scim/json';
import { ItemTooLarge } from '../errors';

/**
 * Most bytes of a resource's attributes as JSON text. DynamoDB takes 400 KiB an item; what is above this bound is kept
 * for what the service writes beside the attributes (epochs, marks, pending changes), so that access can always be
 * taken away: a deactivation that found no room would leave a leaver's sessions alive.
 */
export const MAX_BODY_BYTES = 400_000;

/**
 * The attributes of a resource as the JSON text that is stored.
 *
 * @param before the attributes that are stored now: one that is too large already may still get smaller, or inactive
 * @throws ItemTooLarge
 */
export function bodyOf(attributes: JsonObject, before?: JsonObject): string {
  const body = JSON.stringify(attributes);
  // Three bytes are the most that a code unit takes in UTF-8.
  if (body.length * 3 <= MAX_BODY_BYTES) return body;
  const size = sizeOf(body, attributes);
  const sizeBefore = before === undefined ? 0 : sizeOf(JSON.stringify(before), before);
  if (size > Math.max(MAX_BODY_BYTES, sizeBefore)) throw new ItemTooLarge();
  return body;
}

/** In bytes, without the one that "false" has more than "true": the size of a user does not change with `active`. */
const sizeOf = (body: string, { active }: JsonObject): number =>
  Buffer.byteLength(body) - (active === false ? 1 : 0);
