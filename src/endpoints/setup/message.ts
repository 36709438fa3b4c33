/** A request of the set-up page, free of the gateway's event. */
export interface SetupRequest {
  readonly method: string;
  /** Below `/setup/api`, percent-encoded as it came, as in `/tokens/kX2/rotate`. */
  readonly path: string;
  /** Decoded values by name. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

/** An answer to the set-up page. */
export interface SetupResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}
