import type { JsonSchema } from '../../admin-api/schema';
import type { AdminRequest } from './message';
import { invalidInput, Problem } from './problem';
import { faultsOf } from './read-input';

/**
 * Reads the body of a request as far as its being a JSON object; what is in it `faultsOf` looks at.
 *
 * @param schema undefined where no body is accepted
 * @throws Problem body-too-large, unsupported-media-type, invalid-input
 */
export function readBody(
  { body = '', headers }: Pick<AdminRequest, 'body' | 'headers'>,
  schema: JsonSchema | undefined,
  maxBytes: number,
): Record<string, unknown> {
  if (Buffer.byteLength(body) > maxBytes) {
    throw new Problem(
      'body-too-large',
      `The body has more than ${maxBytes} bytes, which is what is accepted.`,
    );
  }
  if (body.trim() === '') return {};
  if (schema === undefined) {
    throw new Problem('invalid-input', 'The request has a body, and none is accepted here.');
  }
  const contentType = headers['content-type'] ?? 'application/json';
  if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
    throw new Problem(
      'unsupported-media-type',
      'The body is not declared as application/json, which is accepted.',
    );
  }
  const parsed = parse(body);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  throw invalidInput(faultsOf(parsed, schema));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own message quotes the body.
    throw new Problem('invalid-input', 'The body is not valid JSON.');
  }
}
