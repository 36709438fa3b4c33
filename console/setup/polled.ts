import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { SetupFault } from './fault';

const FIRST_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 15_000;
/** By how much a pause grows while nothing changes. */
const GROWTH = 1.2;

/** What is asked for again and again. */
export interface Polled<Value> {
  readonly value: Value | undefined;
  /** Why the last attempt failed; the value is then the one before. */
  readonly fault: SetupFault | undefined;
  /** Asks at once, and often again from then on. */
  readonly refresh: () => void;
}

/**
 * Asks again and again while somebody looks: every two seconds at first, less and less often while nothing changes or
 * the service fails, not at all while the tab is hidden, and at once when it is shown again.
 */
export function usePolled<Value extends object>(
  ask: () => Promise<Value>,
  onFault: (fault: SetupFault) => void,
): Polled<Value> {
  const [value, setValue] = useState<Value>();
  const [fault, setFault] = useState<SetupFault>();
  const [round, setRound] = useState(0);
  const latest = useRef({ ask, onFault });
  latest.current = { ask, onFault };

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let pause = FIRST_PAUSE_MS;
    let before = '';
    const poll = async () => {
      try {
        const next = await latest.current.ask();
        if (isOver) return;
        // The service's clock alone is no change.
        const content = JSON.stringify({ ...next, now: undefined });
        pause = content === before ? Math.min(pause * GROWTH, MAX_PAUSE_MS) : FIRST_PAUSE_MS;
        before = content;
        setValue(next);
        setFault(undefined);
      } catch (error) {
        if (isOver) return;
        if (!(error instanceof SetupFault)) throw error;
        pause = Math.min(pause * GROWTH ** 3, MAX_PAUSE_MS);
        setFault(error);
        latest.current.onFault(error);
      }
      if (!document.hidden) timer = setTimeout(poll, pause);
    };
    const onVisible = () => {
      clearTimeout(timer);
      if (!document.hidden) poll();
    };
    document.addEventListener('visibilitychange', onVisible);
    poll();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [round]);

  const refresh = useCallback(() => setRound((current) => current + 1), []);
  return { value, fault, refresh };
}
