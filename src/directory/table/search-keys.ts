import { foldForSearch } from '../../scim/comparison';
import {
  type ItemKey,
  isResourceId,
  letterOf,
  type ResourceId,
  type ResourceKind,
  type TenantId,
} from './keys';

/** Of a sought text so many bytes are in its key: a sort key has 1,024 at the most. */
const MAX_SEARCHED_BYTES = 900;
/** Length of an id, which ends the sort key behind the text and a "#". */
const ID_LENGTH = 36;

/**
 * The text that a prefix is compared with, folded as `sw` compares it, and its beginning where it is too long for a
 * key: what begins with a text then also begins with that text's beginning.
 */
function searchedText(text: string): string {
  const folded = foldForSearch(text);
  if (Buffer.byteLength(folded) <= MAX_SEARCHED_BYTES) return folded;
  let bytes = 0;
  let end = 0;
  for (const character of folded) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_SEARCHED_BYTES) break;
    end += character.length;
  }
  return folded.slice(0, end);
}

/**
 * The partition of the search items of texts that begin with a character: several partitions, so that an import meets
 * no hot one. The character is there as a number, so that no text makes a key that another pattern of a policy means.
 */
const searchPartition = (tenant: TenantId, kind: ResourceKind, searched: string): string =>
  `T#${tenant}#X#${letterOf(kind)}#${(searched.codePointAt(0) ?? 0).toString(16)}`;

/**
 * The search item that says: this resource has a text with this beginning as userName, e-mail address or displayName.
 * A partition is in the order of the texts.
 */
export function searchKey(tenant: TenantId, kind: ResourceKind, text: string, id: string): ItemKey {
  const searched = searchedText(text);
  return { pk: searchPartition(tenant, kind, searched), sk: `${searched}#${id}` };
}

/** DynamoDB's bound on a sort key. */
const MAX_SORT_KEY_BYTES = 1_024;
/** The last character of all, four bytes long. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * Where the search items lie of all texts that begin with a prefix: a range, since the embedded engine looks at the
 * whole partition for `begins_with`. It ends with as many of the last character as have room in a key, behind whatever
 * a text of these may go on with.
 *
 * @param prefix at least a character
 */
export function searchRange(
  tenant: TenantId,
  kind: ResourceKind,
  prefix: string,
): { readonly pk: string; readonly sk: { readonly from: string; readonly to: string } } {
  const from = searchedText(prefix);
  const to = from + LAST_CHARACTER.repeat((MAX_SORT_KEY_BYTES - Buffer.byteLength(from)) >> 2);
  return { pk: searchPartition(tenant, kind, from), sk: { from, to } };
}

/** Where the search items lie of one text, as `searchRange` of all that begin with it. */
export function searchTextRange(
  tenant: TenantId,
  kind: ResourceKind,
  text: string,
): ReturnType<typeof searchRange> {
  const { pk, sk } = searchKey(tenant, kind, text, '');
  return { pk, sk: { from: sk, to: `${sk}~` } };
}

/** The id that ends the sort key of a search item; undefined when it is none. */
export function idOfSearchItem(sk: string): ResourceId | undefined {
  const id = sk.slice(-ID_LENGTH);
  return sk.at(-ID_LENGTH - 1) === '#' && isResourceId(id) ? id : undefined;
}

/**
 * Whether the search for a prefix can go on behind a text that somebody else has kept for it: DynamoDB refuses one that
 * is outside of what it is asked for.
 */
export const isSearchPlace = (prefix: string, text: string): boolean =>
  idOfSearchItem(text) !== undefined &&
  text.startsWith(searchedText(prefix)) &&
  Buffer.byteLength(text) <= MAX_SORT_KEY_BYTES;
