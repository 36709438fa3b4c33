import type { ComponentChildren, RefObject } from 'preact';

/** How something stands. Never told by colour alone: the words say it as well. */
export type Standing = 'info' | 'good' | 'warning' | 'bad';

interface NoticeProps {
  readonly kind: Standing;
  readonly title?: string;
  readonly children?: ComponentChildren;
  /** Said by a screen reader as soon as it appears; for what answers something that the reader has just done. */
  readonly urgent?: boolean;
  /** For one that the focus goes to. */
  readonly focusRef?: RefObject<HTMLDivElement | null>;
}

/** A sentence or two that must not be overlooked. */
export function Notice({ kind, title, children, urgent, focusRef }: NoticeProps) {
  return (
    <div
      ref={focusRef}
      class={`notice ${kind}`}
      role={urgent === true ? 'alert' : undefined}
      tabIndex={focusRef === undefined ? undefined : -1}
    >
      {title !== undefined && <strong>{title}</strong>}
      {children}
    </div>
  );
}
