import { OAuthError } from './oauth-error';

/** What `application/x-www-form-urlencoded` names, each once. */
export type Form = ReadonlyMap<string, string>;

/**
 * Reads a form as RFC 6749 section 3.2 wants it: a parameter that is there twice is refused, one without a value is
 * as good as absent. Unlike `URLSearchParams`, which mends whatever it is given, this refuses what is no UTF-8 or not
 * percent-encoded: two readers of one request must not see two requests.
 *
 * @throws OAuthError invalid_request
 */
export function readForm(text: string): Form {
  const form = new Map<string, string>();
  const names = new Set<string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decodeFormText(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decodeFormText(part.slice(equals + 1));
    if (name === undefined || value === undefined) {
      throw new OAuthError(
        'invalid_request',
        'The body is not form-encoded: a percent-encoding is malformed.',
      );
    }
    if (names.has(name)) {
      throw new OAuthError('invalid_request', 'A parameter is there more than once; each is accepted once.');
    }
    names.add(name);
    if (value !== '') form.set(name, value);
  }
  return form;
}

/** Decodes a name or a value of a form; undefined when it is not percent-encoded UTF-8. */
export function decodeFormText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
