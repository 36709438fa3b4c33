import { useState } from 'preact/hooks';
import { SetupFault } from './fault';
import { useSetup } from './setup-context';

/** Something that a button does. */
export interface Action {
  readonly run: () => Promise<void>;
  readonly isBusy: boolean;
  /** Why it was not done. */
  readonly fault: SetupFault | undefined;
}

/** What a button does, with whether it is under way and why it failed. */
export function useAction(act: () => Promise<void>): Action {
  const { onFault } = useSetup();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<SetupFault>();
  const run = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof SetupFault)) throw error;
      setFault(error);
      onFault(error);
    } finally {
      setBusy(false);
    }
  };
  return { run, isBusy, fault };
}
