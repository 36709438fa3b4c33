/** A request as a `curl` command on a page describes it. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * Reads a `curl` command: quoted and bare words, variables in double quotes, and the options that pages use.
 *
 * @throws Error naming an option that it does not know
 */
export function readCurl(command: string, variables: Readonly<Record<string, string>>): CurlRequest {
  const words = wordsOf(command, variables);
  if (words.shift() !== 'curl') throw new Error(`This is no curl command: ${command}`);
  const headers: Record<string, string> = {};
  const data: string[] = [];
  const query: string[] = [];
  let url = '';
  let method: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = () => words.shift() ?? '';
    if (word === '-i' || word === '-G') continue;
    if (word === '-X') method = value();
    else if (word === '-d') data.push(value());
    else if (word === '--data-urlencode') {
      const [, name, text = ''] = /^(\w+)=(.*)$/s.exec(value()) ?? [];
      query.push(`${name}=${encodeURIComponent(text)}`);
    } else if (word === '-H') {
      const [, name = '', text = ''] = /^([^:]+): *(.*)$/.exec(value()) ?? [];
      headers[name] = text;
    } else if (word.startsWith('-')) throw new Error(`curl's option ${word} is not known here.`);
    else url = word;
  }
  const body = data.length === 0 ? undefined : data.join('&');
  return {
    url: query.length === 0 ? url : `${url}?${query.join('&')}`,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body,
  };
}

/** The words of a shell command, parts in quotes joined to what they touch. */
function wordsOf(command: string, variables: Readonly<Record<string, string>>): string[] {
  const parts = command.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)|(\s+)/g);
  const words: string[] = [];
  let isOpen = false;
  for (const [, single, double, bare, space] of parts) {
    if (space !== undefined) {
      isOpen = false;
      continue;
    }
    const text = single ?? expand(double ?? bare ?? '', variables);
    words.push(isOpen ? `${words.pop()}${text}` : text);
    isOpen = true;
  }
  return words;
}

const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$(\w+)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`The page uses $${name}, which it has not told how to get.`);
    return value;
  });
