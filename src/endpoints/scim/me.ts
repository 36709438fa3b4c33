import { ScimError } from '../../scim/errors';

/**
 * `/Me`, whatever the method: 501 (RFC 7644 section 3.11). Requests come with a token that was made for a tenant, not
 * for one of its users, so that there is nobody whom `/Me` could mean.
 *
 * @throws ScimError notImplemented, always
 */
export function meEndpoint(): never {
  throw new ScimError(
    'notImplemented',
    'A provisioning token belongs to a tenant and not to a user, so there is no "/Me" to answer. Use "/Users/<id>", or find a user with GET /Users?filter=userName eq "…".',
  );
}
