/**
 * What goes between the local run and the process of a function. Events and results travel as JSON text, as they do to
 * and from Lambda.
 */
export interface InvokeOrder {
  readonly requestId: string;
  readonly event: string;
  /** Time in ms since the epoch at which the invocation times out. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly functionName: string;
  readonly memoryMegabytes: number;
}

/** What a function answers with when it fails, in the form of Lambda's runtime. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** First message of a function's process: its bundle is loaded, or could not be. */
export interface ReadyNews {
  readonly ready: true;
  readonly error?: FunctionError;
}

/** The end of an invocation: the JSON text of the result, or the error. */
export type InvocationNews =
  | { readonly requestId: string; readonly result: string }
  | { readonly requestId: string; readonly error: FunctionError };
