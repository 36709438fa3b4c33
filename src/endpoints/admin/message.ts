/** A request to the admin API, free of the gateway's event. */
export interface AdminRequest {
  readonly method: string;
  /** The path as the table has it, with its parameters in braces; undefined for one that it has not. */
  readonly path: string | undefined;
  /** As they came, percent-encoding and all. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Decoded values by name. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

/** An answer of the admin API. */
export interface AdminResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}
