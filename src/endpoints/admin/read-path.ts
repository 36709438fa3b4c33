import { Problem } from './problem';

/** The value of a path parameter, which the gateway hands on as it came. @throws Problem not-found */
export function decodedParameter(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Problem('not-found', 'The path names nothing: its percent-encoding is wrong.');
  }
}
