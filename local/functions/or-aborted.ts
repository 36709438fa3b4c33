const GRACE_MS = 1_500;

/**
 * The work's result. When the signal is aborted the work still has a moment to end, so that what it did is not done
 * again at the next start; a handler that hangs does not hold up the end of the local run any longer.
 *
 * @throws the signal's reason when the work did not end in that moment
 */
export function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      timer = setTimeout(() => reject(signal.reason), GRACE_MS);
    };
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    work.finally(settle).then(resolve, reject);
  });
}
