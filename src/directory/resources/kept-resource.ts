import { isJsonObject, type JsonObject } from '../../scim/json';
import { MAX_BODY_BYTES } from './body';
import type { Stored } from './items';
import { retentionDaysOf } from './retention';

/** What a tombstone keeps of its resource besides what its other attributes tell. */
interface KeptResource {
  readonly body: string;
  readonly created: string;
  /** The groups that the deletion itself took the user out of; the cleaner's removals are in the log alone. */
  readonly groups?: readonly string[];
  /** Of a user; anybody else may have it meanwhile. */
  readonly appId?: string;
  /** Of a user, in another store of sessions (former-names.ts). */
  readonly formerNames?: readonly string[];
  readonly uniqueName?: true;
  readonly nested?: true;
}

/** Why a tombstone keeps nothing: the retention is 0 days, there was no room, or it was erased. */
export type NotKept = 'setting' | 'size' | 'erased';

/** The attributes of a tombstone from which its resource can be put back. */
export interface KeptAttributes {
  /** Of the deleted resource. */
  readonly version: number;
  /** Of the deleted user: all of their sessions have this epoch or an older one. */
  readonly sessionEpoch?: number;
  readonly kept?: KeptResource;
  /** Set where the externalId that is kept leads to the tombstone (`deletedIndexKey`). */
  readonly byExternalId?: true;
  readonly notKept?: NotKept;
}

/**
 * What a tombstone keeps of the resource that is deleted. It is one item with the marks that take access away, so
 * what has no room beside these is not kept: whoever is leaving must be deletable, whatever their size.
 *
 * @param groups that the deletion takes a user out of
 * @param beside what else a client has chosen that the tombstone needs room for
 */
export function keptAttributes(
  resource: Stored,
  groups: readonly string[],
  beside: { readonly [name: string]: unknown },
): KeptAttributes {
  const { version, created, attributes } = resource;
  const last = resource.kind === 'User' ? { version, sessionEpoch: resource.sessionEpoch } : { version };
  if (retentionDaysOf(process.env) === 0) return { ...last, notKept: 'setting' };
  const body = JSON.stringify(attributes);
  if (sizeOf(body) + sizeOf(Object.values(beside).flat().join('')) > MAX_BODY_BYTES)
    return { ...last, notKept: 'size' };
  const shared = { body, created };
  if (resource.kind === 'User') {
    const { appId, formerNames } = resource;
    return { ...last, kept: { ...shared, appId, formerNames, ...(groups.length === 0 ? {} : { groups }) } };
  }
  return { ...last, kept: { ...shared, uniqueName: resource.uniqueName, nested: resource.nested } };
}

const sizeOf = (text: string): number => Buffer.byteLength(text);

/** The attributes of a resource that is kept. @throws Error when they are not what `keptAttributes` gives */
export function keptBody({ body }: KeptResource): JsonObject {
  const attributes: unknown = JSON.parse(body);
  if (!isJsonObject(attributes)) throw new Error('A tombstone does not hold the attributes of a resource.');
  return attributes as JsonObject;
}
