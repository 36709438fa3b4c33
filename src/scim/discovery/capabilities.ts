/**
 * What the service can do: `/ServiceProviderConfig` tells exactly this and code that enforces a limit reads it here,
 * so that the declaration stays true. Switch a feature on in the change that brings it.
 */
export const CAPABILITIES = {
  patch: true,
  /** `maxResults` is also the largest page. */
  filter: { supported: true, maxResults: 1000 },
  /**
   * RFC 9865 section 4. Index paging is the default, since that is what Entra ID, Okta and every older client expect.
   */
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    /** authentik sends no `count`. */
    defaultPageSize: 100,
    /** The IPSIE profile asks for it. */
    maxPageSize: 1000,
    /** Seconds that a cursor lives. It is a position, nothing is kept for it, so that it may be long. */
    cursorTimeout: 3600,
  },
  /**
   * `maxPayloadSize` in bytes: 2 kB an operation. Lambda takes 6 MB, of which escaping a body's quotes takes up to a
   * half.
   */
  bulk: { supported: true, maxOperations: 1_000, maxPayloadSize: 2_097_152 },
  changePassword: false,
  sort: true,
  etag: true,
} as const;
