/** `"text"` or `W/"text"` (RFC 9110 section 8.8.3), then a comma or the end. */
const ENTITY_TAG = /[ \t]*(?:(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(?:,|$)/y;

/**
 * The entity tag of a resource's version, as in `ETag` and `meta.version`. It is weak, since the same version may be
 * shown in different projections.
 *
 * @example formatEtag(3) // 'W/"3"'
 */
export function formatEtag(version: number): string {
  return `W/"${version}"`;
}

/**
 * Tells whether `If-Match`, `If-None-Match` or a Bulk operation's `version` names a version of a resource: `*`, one
 * entity tag or a list. The comparison is weak (RFC 9110 section 8.8.3.2), also for If-Match, because all tags of this
 * service are weak and RFC 7644 section 3.14 uses them there. A malformed header matches nothing, so that a write it
 * should guard is refused.
 *
 * @example matchesEtag('"1", W/"3"', 3) // true
 */
export function matchesEtag(header: string, version: number): boolean {
  if (header.trim() === '*') return true;
  const wanted = String(version);
  let matched = false;
  ENTITY_TAG.lastIndex = 0;
  while (ENTITY_TAG.lastIndex < header.length) {
    const match = ENTITY_TAG.exec(header);
    if (match === null) return false;
    if (match[1] === wanted) matched = true;
  }
  return matched;
}
