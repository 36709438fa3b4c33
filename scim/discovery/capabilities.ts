/**
 * What the service can do: `/ServiceProviderConfig` tells exactly this and code that enforces a limit reads it here, so that the declaration stays true.
 * Switch a feature on in the change that brings it.
 */
export const CAPABILITIES = {
  patch: true,
  /** `maxResults` is also the largest page. */
  filter: { supported: true, maxResults: 1000 },
  /** Page size when a request has no `count`. */
  defaultPageSize: 100,
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  changePassword: false,
  sort: false,
  etag: true,
} as const;
