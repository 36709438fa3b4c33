import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
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

/** A question in front of the page. The browser's own `<dialog>` keeps the focus in it and closes it with Escape. */
export function Dialog({ title, children, action, busy, onClose, closeLabel = 'Cancel' }: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose}>
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-actions">
          <Button onPress={() => dialog.current?.close()}>{closeLabel}</Button>
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
