/**
 * Takes the link's secret out of the address. It was sent to nobody, since browsers keep fragments to themselves, and
 * from here on it is in this page's memory alone: not in the address bar, which people share with their screen, not in
 * the history, not in storage. Loading the page again therefore needs the link again, and goes on where it was.
 *
 * @returns undefined when the address has none
 */
export function takeSecret(): string | undefined {
  const secret = location.hash.slice(1);
  if (secret !== '') history.replaceState(null, '', location.pathname + location.search);
  return secret === '' ? undefined : secret;
}

/** A second link that is opened in the same tab only changes the fragment. */
export function onFurtherLink(open: () => void): void {
  addEventListener('hashchange', open);
}
