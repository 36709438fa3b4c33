import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the dialog is about to do, in the words of its button; a dialog that only shows something has none. */
  readonly action?: { readonly label: string; readonly onPress: () => void; readonly isDangerous?: boolean };
  readonly busy?: boolean;
  readonly onClose: () => void;
  readonly closeLabel?: string;
}

/**
 * A question in front of the page. The browser's own `<dialog>` keeps the focus in it, closes it with Escape, and gives
 * the focus back to where it was.
 */
export function Dialog({ title, children, action, busy, onClose, closeLabel = 'Cancel' }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  // Not in an effect after the paint: its clean-up would find the dialog taken out of the page already.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      isGone.current = true;
      // One that is taken out of the page while it is open gives nothing back.
      element?.close();
    };
  }, []);
  // The browser tells of a close some time after it: whoever opened the dialog anew in between would have it closed.
  // So the page is told first, and takes the dialog away.
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={cancel}
      onClose={() => !isGone.current && onClose()}
    >
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-actions">
          <Button onPress={onClose}>{closeLabel}</Button>
          {action !== undefined && (
            <Button
              kind={action.isDangerous === true ? 'danger' : 'primary'}
              busy={busy === true}
              onPress={action.onPress}
            >
              {action.label}
            </Button>
          )}
        </div>
      </div>
    </dialog>
  );
}
