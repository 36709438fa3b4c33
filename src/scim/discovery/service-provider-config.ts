import type { JsonObject } from '../json';
import { SERVICE_PROVIDER_CONFIG_SCHEMA } from '../schema/definition';
import type { Registry } from '../schema/registry';
import { isInteropProfileConformant } from '../schema/strict-registry';
import { CAPABILITIES } from './capabilities';

/**
 * The document of `/ServiceProviderConfig` (RFC 7643 section 5). authentik reads it first and takes everything as
 * unsupported when it can't.
 *
 * @param baseUrl without a slash at its end
 * @param registry of a tenant that is strict: then it says that it conforms to the interoperability profile
 * @param documentationUri where people read about the service, if there is such a page
 */
export function serviceProviderConfig(
  registry: Registry,
  baseUrl: string,
  documentationUri?: string,
): JsonObject {
  const { patch, filter, bulk, changePassword, sort, etag, pagination } = CAPABILITIES;
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: patch },
    bulk: { ...bulk },
    filter: { ...filter },
    changePassword: { supported: changePassword },
    sort: { supported: sort },
    etag: { supported: etag },
    pagination: { ...pagination },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A tenant\'s token in the header "Authorization: Bearer <token>".',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 client credentials',
        description: 'A short-lived bearer token, got with a client_id and a client_secret.',
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
      },
    ],
    // Left out where it is not so, as the profile wants.
    ...(isInteropProfileConformant(registry) ? { interopProfileConformant: true } : {}),
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
