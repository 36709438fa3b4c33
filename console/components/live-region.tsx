import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<(sentence: string) => void>();

/** Has a screen reader say a sentence when it has finished what it is saying. The page needs a {@link LiveRegion}. */
export function announce(sentence: string): void {
  for (const listener of listeners) listener(sentence);
}

/** Where announced sentences appear for screen readers; once per page, there from the beginning. */
export function LiveRegion() {
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    listeners.add(setSentence);
    return () => {
      listeners.delete(setSentence);
    };
  }, []);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
