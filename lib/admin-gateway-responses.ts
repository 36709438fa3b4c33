import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from '../src/admin-api/problem-types';

/** The kinds of answers that the gateway gives by itself, with the problem that each is. */
const ANSWERS: readonly (readonly [type: ResponseType, code: ProblemCode])[] = [
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, 'signature-refused'],
  [ResponseType.INVALID_SIGNATURE, 'signature-refused'],
  [ResponseType.EXPIRED_TOKEN, 'signature-refused'],
  [ResponseType.ACCESS_DENIED, 'access-denied'],
  [ResponseType.BAD_REQUEST_BODY, 'invalid-input'],
  [ResponseType.BAD_REQUEST_PARAMETERS, 'invalid-input'],
  [ResponseType.REQUEST_TOO_LARGE, 'body-too-large'],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, 'unsupported-media-type'],
  [ResponseType.THROTTLED, 'throttled'],
];

/**
 * Gives the gateway's own answers the form of a problem (RFC 9457), with the status and the sentence that AWS has for
 * them: a signature that does not fit is told with what it should have been made of. The others, among them all server
 * errors, keep AWS's form.
 */
export function addAdminGatewayResponses(api: RestApi): void {
  for (const [type, code] of ANSWERS) {
    const [status, title] = PROBLEMS[code];
    const problem = JSON.stringify({ type: `${PROBLEM_TYPE_PREFIX}${code}`, title, status });
    const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: Object.fromEntries(
        Object.entries(type === ResponseType.THROTTLED ? { ...headers, 'Retry-After': '1' } : headers).map(
          ([name, value]) => [name, `'${value}'`],
        ),
      ),
      templates: {
        'application/json': `${problem.slice(0, -1)},"detail":$context.error.messageString}`,
      },
    });
  }
}
