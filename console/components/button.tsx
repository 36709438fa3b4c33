import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly kind?: 'primary' | 'secondary' | 'danger' | 'quiet';
  readonly small?: boolean;
  /** What the button was pressed for is under way: it stays in the tab order, and does nothing more. */
  readonly busy?: boolean;
  /** What a screen reader says where the text alone does not tell, for instance "Copy Tenant URL". */
  readonly label?: string;
}

/** A button. `primary` is what the page is there for: at most one at a time. */
export function Button({ children, onPress, kind = 'secondary', small, busy, label }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}${small === true ? ' small' : ''}`}
      aria-disabled={busy === true}
      aria-label={label}
      onClick={() => {
        if (busy !== true) onPress();
      }}
    >
      {children}
    </button>
  );
}
