import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { About } from '../../src/console-api/shown';

/** What the console works on; there before anything else is shown. */
export const AboutContext = createContext<About | undefined>(undefined);

/** How a command is called at the terminal, on the same target. */
export function useCommand(): (line: string) => string {
  const about = useContext(AboutContext);
  return (line) => [about?.admin, line, about?.options].filter(Boolean).join(' ');
}
