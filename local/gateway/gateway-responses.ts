import { recordOf, stringOf } from '../json';

/** An `AWS::ApiGateway::GatewayResponse`. */
export interface GatewayResponseDefinition {
  readonly status: number | undefined;
  /** Names and values as in the template: a literal in single quotes, or a mapping expression. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly template: string | undefined;
}

/** An answer that the gateway gives by itself. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What the templates may refer to as `$context`. There is no status: access logs alone have one. */
export interface GatewayContext {
  /** The client's, where it has sent one. */
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly stage: string;
  readonly resourcePath?: string;
  readonly authorizer?: Readonly<Record<string, string>>;
  readonly identity: { readonly sourceIp: string };
}

/** Status and message of API Gateway's own answers, and the name it gives in `x-amzn-errortype`. */
const BUILT_IN = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource', 'AccessDeniedException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, null, 'AuthorizerConfigurationException'],
  AUTHORIZER_FAILURE: [500, null, 'AuthorizerConfigurationException'],
  BAD_REQUEST_BODY: [400, 'Invalid request body', 'BadRequestException'],
  BAD_REQUEST_PARAMETERS: [400, 'Bad Request', 'BadRequestException'],
  INTEGRATION_FAILURE: [504, 'Internal server error', 'InternalServerErrorException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  INVALID_SIGNATURE: [
    403,
    'Authorization header is not of the form of AWS Signature Version 4',
    'IncompleteSignatureException',
  ],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long', 'RequestTooLargeException'],
  INVALID_API_KEY: [403, 'Forbidden', 'ForbiddenException'],
  THROTTLED: [429, 'Too Many Requests', 'TooManyRequestsException'],
  UNAUTHORIZED: [401, 'Unauthorized', 'UnauthorizedException'],
  /**
   * A function that failed or answered something that is no proxy response: a type that has no definition of its own,
   * so that DEFAULT_5XX serves it.
   */
  MALFORMED_PROXY_RESPONSE: [502, 'Internal server error', 'InternalServerErrorException'],
} as const satisfies Record<string, readonly [number, string | null, string]>;

export type GatewayResponseType = keyof typeof BUILT_IN;

/**
 * The answer of one type: the template's own definition, else DEFAULT_4XX or DEFAULT_5XX, else API Gateway's built-in
 * one.
 *
 * @param message replaces the built-in message
 */
export function gatewayAnswer(
  type: GatewayResponseType,
  responses: ReadonlyMap<string, GatewayResponseDefinition>,
  context: GatewayContext,
  message?: string,
): GatewayAnswer {
  const [builtInStatus, builtInMessage, errorType] = BUILT_IN[type];
  const fallback = responses.get(builtInStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const definition = responses.get(definedName(type)) ?? fallback;
  const status = definition?.status ?? builtInStatus;
  const text = message ?? builtInMessage;
  const values = (expression: string) => contextValue(expression, context, type, text);
  const template = definition?.template ?? '{"message":$context.error.messageString}';
  const own = (definition?.headers ?? []).map(([name, value]) => [name, headerValue(value, values)] as const);
  const named = new Set(own.map(([name]) => name.toLowerCase()));
  const defaults = [
    ['Content-Type', 'application/json'],
    ['x-amzn-ErrorType', errorType],
  ] as const;
  return {
    status,
    headers: [...defaults.filter(([name]) => !named.has(name.toLowerCase())), ...own],
    body: template.replace(
      /\$(?:\{(context\.[\w.-]+)\}|(context(?:\.\w+)+))/g,
      (_whole, braced: string | undefined, plain: string | undefined) => values(braced ?? plain ?? ''),
    ),
  };
}

/**
 * In AWS a failing function is a failed integration in the access log, and what may be customized of its 502 is
 * INTEGRATION_FAILURE's or DEFAULT_5XX's.
 */
const definedName = (type: GatewayResponseType) =>
  type === 'MALFORMED_PROXY_RESPONSE' ? 'INTEGRATION_FAILURE' : type;

function headerValue(value: string, values: (expression: string) => string): string {
  const literal = /^'(.*)'$/s.exec(value)?.[1];
  return literal ?? values(value);
}

function contextValue(
  expression: string,
  context: GatewayContext,
  type: GatewayResponseType,
  message: string | null,
): string {
  switch (expression) {
    case 'context.error.message':
      return message ?? 'null';
    case 'context.error.messageString':
      return JSON.stringify(message);
    case 'context.error.responseType':
      return definedName(type);
    case 'context.error.validationErrorString':
      return '';
    default: {
      let value: unknown = { context };
      for (const part of expression.split('.')) value = recordOf(value)[part];
      return stringOf(value) ?? '';
    }
  }
}
