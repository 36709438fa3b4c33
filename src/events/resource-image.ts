import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../scim/json';
import type { StreamImage } from './stream-change';

/** What types of events and entries call a resource. */
export const NAMES = { User: 'user', Group: 'group' } as const;

/** Whether the user of an image has access. */
export const isActiveIn = (image: StreamImage): boolean => image.active?.BOOL !== false;

/** What a change of a user is, by whether the access came or went with it. */
export function userChange(before: StreamImage, after: StreamImage) {
  const [was, is] = [isActiveIn(before), isActiveIn(after)];
  if (was === is) return 'user.updated';
  return is ? 'user.reactivated' : 'user.deactivated';
}

/** Whether the resource of an image was ever deleted and restored. */
export const isRestoredIn = (image: StreamImage): boolean => image.restoredAt !== undefined;

/** The id that the vendor's app knows the user of an image by; of a tombstone, the one the user was deleted with. */
export const appIdIn = (image: StreamImage | undefined): string | undefined =>
  image?.appId?.S ?? image?.kept?.M?.appId?.S;

/** The attributes of the resource of an image. */
export function bodyIn(image: StreamImage): JsonObject {
  const parsed: unknown = JSON.parse(image.body?.S ?? '{}');
  return isJsonObject(parsed) ? (parsed as JsonObject) : {};
}

/** The names of the top-level attributes that differ, sorted. */
export function changedNames(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}
