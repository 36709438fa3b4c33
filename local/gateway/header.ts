/** The value of a header, by its lower-case name; the last one when it came more than once. */
export function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let position = 0; position + 1 < rawHeaders.length; position += 2) {
    if (rawHeaders[position]?.toLowerCase() === name) found = rawHeaders[position + 1];
  }
  return found;
}
