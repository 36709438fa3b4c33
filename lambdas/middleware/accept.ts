import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';
import { headerOf } from './json-body';

/** Media types that stand for SCIM's. "*" alone is what Java's HttpURLConnection sends for "anything". */
const JSON_RANGES = new Set(['*/*', '*', 'application/*', 'application/json', 'application/scim+json']);

/**
 * Answers 406 when the Accept header leaves no room for JSON (RFC 7644 section 3.8, RFC 9110 section 15.5.7), before
 * anything is done.
 */
export function acceptHeader(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    before: ({ event }) => {
      const accept = headerOf(event, 'accept');
      if (accept === undefined || acceptsJson(accept)) return;
      throw new ScimError(
        'notAcceptable',
        `The service answers application/scim+json, which the Accept header ${JSON.stringify(accept.slice(0, 100))} rules out; application/scim+json, application/json and */* are accepted.`,
      );
    },
  };
}

/**
 * Tells whether an Accept header takes JSON. Parameters other than a `q` of 0 do not matter: the answer is UTF-8, as
 * JSON is, whatever `charset` is asked for.
 *
 * @example acceptsJson('text/html, application/*;q=0.8') // true
 */
export function acceptsJson(accept: string): boolean {
  const ranges = accept.split(',').filter((range) => range.trim() !== '');
  if (ranges.length === 0) return true;
  return ranges.some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return JSON_RANGES.has(type) && !parameters.some((parameter) => /^q\s*=\s*0*(?:\.0*)?$/.test(parameter));
  });
}
