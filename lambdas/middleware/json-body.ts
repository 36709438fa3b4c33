import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';
import type { JsonValue } from '../../src/scim/json';

/**
 * Makes what parses bodies, with `@middy/http-json-body-parser`, and turns its errors into SCIM's: malformed or absent
 * JSON is 400 `invalidSyntax` instead of 415, and the body itself, which the parser keeps in the error's cause, is
 * dropped so that no log ever shows it. A body without Content-Type is read as JSON; another media type is 415. It is
 * called by whoever needs the body: a method that is not allowed is answered 405 first.
 */
export function jsonBodyParser(): (event: APIGatewayProxyEvent, context: Context) => Promise<JsonValue> {
  const parse = middy<APIGatewayProxyEvent, JsonValue>({ timeoutEarlyInMillis: 0 })
    .use(httpJsonBodyParser<APIGatewayProxyEvent>())
    .handler(async ({ body }) => body);
  return async (event, context) => {
    refuseUnreadable(event);
    try {
      // The parser reads the header under two spellings only and knows no upper case in the value.
      return await parse({ ...event, headers: { 'content-type': 'application/scim+json' } }, context);
    } catch (error) {
      throw new ScimError('invalidSyntax', `The body is not valid JSON${positionOf(error)}.`);
    }
  };
}

function refuseUnreadable(event: APIGatewayProxyEvent): void {
  if (event.body === null || event.body === undefined || event.body.trim() === '') {
    throw new ScimError('invalidSyntax', 'The request has no body; a JSON object is expected.');
  }
  const contentType = headerOf(event, 'content-type') ?? 'application/scim+json';
  if (/^application\/(?:scim\+)?json\s*(?:;|$)/i.test(contentType)) return;
  throw new ScimError(
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
