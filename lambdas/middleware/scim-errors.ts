import type { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ProtectedUser, TooManyScans } from '../../src/directory/errors';
import type { ScimResponse } from '../../src/endpoints/scim/message';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import { ScimError } from '../../src/scim/errors';
import { countedAs } from '../counted-line';
import { toProxyResult } from './proxy-event';

/**
 * Answers every error as a SCIM Error message. One that is not ours is a fault of the service: 500 without any detail
 * of it, and a log entry with its stack.
 */
export function scimErrors(logger: Logger): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      request.response = toProxyResult(errorResponse(request.error, logger));
    },
  };
}

/** The answer to an error. */
export function errorResponse(error: unknown, logger: Logger): ScimResponse {
  if (error instanceof ProtectedUser) {
    const { tenantId, userId, from } = error;
    const about = { tenantId, userId, from };
    logger.error('a protected user was touched', { ...about, ...countedAs('ProtectedUserTouched') });
  }
  if (error instanceof TooManyScans) {
    const { tenantId, scans } = error;
    logger.error('a scan was refused', { tenantId, scans, ...countedAs('RefusedScans') });
  }
  const known = scimErrorOf(error);
  if (known !== undefined) {
    const retry = known.retryAfterSeconds;
    return {
      status: known.status,
      headers: retry === undefined ? {} : { 'Retry-After': String(retry) },
      body: known.toMessage(),
    };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  logger.error('unexpected error', { error: { name, message, stack } });
  const answer = new ScimError(
    'internal',
    'The service met an unexpected error; it has been logged. Repeat the request later.',
  );
  return { status: answer.status, body: answer.toMessage() };
}
