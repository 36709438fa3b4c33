import { useEffect, useState } from 'preact/hooks';

/** Where the page is: what is behind `#/` in the address. */
export interface Address {
  /** Decoded parts of the path, as in `['tenants', 'acme', 'users']`. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** The address of a place, for links. What is undefined or empty is left out. */
export function hrefOf(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

/** Goes to a place; `replace` leaves none in the history, for what changes with each key that is pressed. */
export function go(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
  replace = false,
): void {
  const href = hrefOf(path, query);
  if (replace) {
    history.replaceState(null, '', href);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = href;
  }
}

/** Reads an address; one that is none is the beginning. */
export function readAddress(hash: string): Address {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the page is, kept up to date. */
export function useAddress(): Address {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const read = () => setAddress(readAddress(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return address;
}
