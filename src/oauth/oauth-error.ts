/** What an error of the token endpoint may be called (RFC 6749 section 5.2). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope';

/**
 * A token request that is refused. The description goes to whoever asks, and into the identity provider's own log: it
 * never says which of a client's id and secret was wrong, and never what was sent.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  constructor(
    readonly code: OAuthErrorCode,
    /** RFC 6749 allows neither quotation marks nor backslashes in it. */
    readonly description: string,
  ) {
    super(description);
  }

  /** 401 for a client that is not let in, 400 for everything else (RFC 6749 section 5.2). */
  get status(): 400 | 401 {
    return this.code === 'invalid_client' ? 401 : 400;
  }
}
