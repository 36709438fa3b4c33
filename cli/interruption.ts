/**
 * Hears of Ctrl-C and the like: the first one ends a long command in order, a second one the process.
 *
 * @returns a signal, and what is to be called when the command is over
 */
export function interruptedBySignals(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  return {
    signal: controller.signal,
    end: () => {
      for (const signal of signals) process.removeListener(signal, interrupt);
    },
  };
}
