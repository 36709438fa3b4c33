import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

type JsonBody = middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Parses the body with `@middy/http-json-body-parser` and turns its errors into SCIM's: malformed or absent JSON is
 * 400 `invalidSyntax` instead of 415, and the body itself, which the parser keeps in the error's cause, is dropped so
 * that no log ever shows it. A body without Content-Type is read as JSON; another media type is 415. An error takes
 * the body's place and is thrown by whoever asks for the body: a method that is not allowed is answered 405 first.
 */
export function jsonBody(): JsonBody {
  const parser = httpJsonBodyParser() as JsonBody;
  return {
    before: async (request) => {
      const { event } = request;
      if (!METHODS_WITH_BODY.has(event.httpMethod)) return;
      const fault = faultOf(event);
      if (fault !== undefined) return setBody(event, fault);
      // The parser reads the header under two spellings only and knows no upper case in the value.
      event.headers = {
        ...event.headers,
        'content-type': 'application/scim+json',
        // The gateway does not always hand it over, and Bulk declares a largest payload.
        'content-length': String(Buffer.byteLength(event.body ?? '')),
      };
      try {
        await parser.before?.(request);
      } catch (error) {
        setBody(event, new ScimError('invalidSyntax', `The body is not valid JSON${positionOf(error)}.`));
      }
    },
  };
}

function setBody(event: { body: unknown }, body: ScimError): void {
  event.body = body;
}

function faultOf(event: APIGatewayProxyEvent): ScimError | undefined {
  if (event.body === null || event.body === undefined || event.body.trim() === '') {
    return new ScimError('invalidSyntax', 'The request has no body; a JSON object is expected.');
  }
  const contentType = headerOf(event, 'content-type') ?? 'application/scim+json';
  if (/^application\/(?:scim\+)?json\s*(?:;|$)/i.test(contentType)) return undefined;
  return new ScimError(
    'unsupportedMediaType',
    `The Content-Type ${JSON.stringify(contentType.slice(0, 100))} is not supported; application/scim+json and application/json are.`,
  );
}

/** A request header whatever its case. */
export function headerOf(
  { headers }: Pick<APIGatewayProxyEvent, 'headers'>,
  name: string,
): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Where JSON.parse stopped. Its message also quotes the body, so only the position is taken from it. */
function positionOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { message?: unknown } | undefined) : undefined;
  const position =
    typeof cause?.message === 'string' ? /at position (\d+)/.exec(cause.message)?.[1] : undefined;
  return position === undefined ? '' : ` (at character ${position})`;
}
