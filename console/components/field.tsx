import type { TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'number' | 'datetime-local';
  readonly hint?: string;
  /** Why what is in it was not accepted. */
  readonly fault?: string | undefined;
}

/** A field with its label. */
export function Field({ label, value, onChange, type = 'text', hint, fault }: FieldProps) {
  const id = useId();
  const described = [fault === undefined ? [] : `${id}-fault`, hint === undefined ? [] : `${id}-hint`].flat();
  const common = {
    id,
    value,
    autoComplete: 'off',
    spellcheck: false,
    'aria-describedby': described.length === 0 ? undefined : described.join(' '),
    'aria-invalid': fault === undefined ? undefined : true,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onChange(event.currentTarget.value),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'text' && <input type="text" {...common} />}
      {type === 'number' && <input type="number" {...common} />}
      {type === 'datetime-local' && <input type="datetime-local" step={1} {...common} />}
      {fault !== undefined && (
        <span class="field-fault" id={`${id}-fault`}>
          {fault}
        </span>
      )}
      {hint !== undefined && (
        <span class="muted" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
