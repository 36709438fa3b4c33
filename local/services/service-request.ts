/** A call of an AWS service by a handler's SDK, as it came over HTTP. */
export interface ServiceRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Name from the credential scope of the signature: `sqs`, `events`, `apigateway`. */
  readonly service: string;
  /** Region from the same scope. */
  readonly region: string;
  /** Operation from `X-Amz-Target`, without its prefix. */
  readonly operation: string | undefined;
  readonly body: Buffer;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A service's part of the local endpoint. Undefined when it does not know the operation. */
export type Service = (
  request: ServiceRequest,
) => Promise<ServiceAnswer | undefined> | ServiceAnswer | undefined;
