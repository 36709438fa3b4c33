/** What the address that the terminal shows has in its fragment. */
const TOKEN = /^#?([\w-]{43})$/;
/** Other tabs of this console have its token; this one alone is asked, for a moment. */
const CHANNEL = 'console-token';
const PATIENCE_MS = 400;

let token: string | undefined;
const listeners = new Set<(token: string | undefined) => void>();

/** The token that opens the console; undefined when the page has none, or a refused one. */
export const currentToken = (): string | undefined => token;

/** Told when the token comes or goes. @returns what ends it */
export function onToken(listener: (token: string | undefined) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server has refused it: it was started anew. */
export const forgetToken = (): void => setToken(undefined);

/** Takes the token from an address that somebody pastes. @returns whether there is one in it */
export function takeToken(address: string): boolean {
  const [, found] = TOKEN.exec(address.trim().split('#').at(-1) ?? '') ?? [];
  if (found !== undefined) setToken(found);
  return found !== undefined;
}

/**
 * Takes the token out of the address, so that neither the address bar nor the history has it, and keeps it in memory
 * alone. A tab without one asks the other tabs of this very origin, so that a link can be opened in a new tab.
 */
export async function findToken(): Promise<void> {
  const isInAddress = TOKEN.test(location.hash) && takeToken(location.hash);
  if (isInAddress) history.replaceState(null, '', '#/');
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === 'ask' && token !== undefined) channel.postMessage({ token });
    else if (token === undefined) takeToken(tokenIn(data));
  };
  if (token !== undefined) return;
  channel.postMessage('ask');
  await new Promise<void>((resolve) => {
    const stop = onToken(() => {
      stop();
      resolve();
    });
    setTimeout(resolve, PATIENCE_MS);
  });
}

const tokenIn = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'token' in data ? String(data.token) : '';

function setToken(next: string | undefined): void {
  token = next;
  for (const listener of listeners) listener(next);
}
