import { useEffect, useId, useRef, useState } from 'preact/hooks';

/** A pause in the typing that is worth a request. */
const PAUSE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  /** What is being looked for; a change from outside, such as by the address, is taken over. */
  readonly value: string;
  /** Called when the reader has paused. */
  readonly onSearch: (text: string) => void;
}

/** A field whose text is looked for as one types. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const id = useId();
  const [text, setText] = useState(value);
  // What comes back of a search that was asked for here is no change from outside: somebody has typed on meanwhile.
  const asked = useRef(value);
  useEffect(() => {
    if (value !== asked.current) setText(value);
    asked.current = value;
  }, [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      asked.current = text;
      onSearch(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        value={text}
        autoComplete="off"
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}
