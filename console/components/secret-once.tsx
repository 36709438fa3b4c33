import { Button } from './button';
import { CopyableValue } from './copyable-value';
import { useFocusMeanwhile } from './focus';
import { Notice } from './notice';

interface SecretOnceProps {
  readonly label: string;
  readonly value: string;
  /** The reader has taken it: the page forgets it. */
  readonly onTaken: () => void;
}

/** A secret that was made just now and that nobody can show again. It leaves the page when the reader says so. */
export function SecretOnce({ label, value, onTaken }: SecretOnceProps) {
  const notice = useFocusMeanwhile(value);
  return (
    <Notice kind="warning" title="Shown once" focusRef={notice}>
      <p>Paste it now. When this page is closed or you press the button below, nobody can show it again.</p>
      <CopyableValue label={label} value={value} />
      <div>
        <Button small onPress={onTaken}>
          I have pasted it
        </Button>
      </div>
    </Notice>
  );
}
