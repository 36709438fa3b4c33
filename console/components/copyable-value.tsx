import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from './button';
import { announce } from './live-region';

/** How long a button says that it has copied. */
const SAID_MS = 2_000;

/** A value with a button that copies it. One click into the value selects the whole of it. */
export function CopyableValue({ label, value }: { readonly label: string; readonly value: string }) {
  const id = useId();
  const text = useRef<HTMLElement>(null);
  const [state, setState] = useState<'idle' | 'copied' | 'selected'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), SAID_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
      announce(`${label} copied.`);
    } catch {
      // Without a secure context, or with the permission denied: whoever reads it has one key left to press.
      if (text.current !== null) getSelection()?.selectAllChildren(text.current);
      setState('selected');
      announce(`${label} is selected. Copy it with the keyboard.`);
    }
  };
  return (
    <div class="stack-tight">
      <span class="value-label" id={id}>
        {label}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and this is a value and its button. */}
      <div class="copyable" role="group" aria-labelledby={id}>
        <code ref={text}>{value}</code>
        <Button onPress={copy} label={`Copy ${label}`}>
          {{ idle: 'Copy', copied: 'Copied', selected: 'Selected' }[state]}
        </Button>
      </div>
    </div>
  );
}
