import { useId } from 'preact/hooks';
import { relativeTime } from './relative-time';

/** A secret of an OAuth client that is accepted. */
interface Secret {
  readonly secretId: string;
  /** Its last four characters. */
  readonly hint: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
}

/** Secrets that a client may have at once: the one in use and, while rotating, the next one. */
const MAX_SECRETS = 2;

/** Whether one of them has to be given up for another one to be made. */
export const isFull = ({ length }: readonly Secret[]): boolean => length >= MAX_SECRETS;

/**
 * The one that is missed least: the newest that was never used, since nobody has pasted it, else the one that was used
 * longest ago.
 *
 * @param secrets the newest first
 */
export const leastMissed = (secrets: readonly Secret[]): string | undefined => {
  const byUse = secrets.toSorted((a, b) => (a.lastUsedAt ?? '').localeCompare(b.lastUsedAt ?? ''));
  return byUse[0]?.secretId;
};

interface ReplacedSecretProps {
  readonly secrets: readonly Secret[];
  readonly chosen: string | undefined;
  readonly onChoose: (secretId: string) => void;
}

/** Asks which of a client's secrets is given up for another one. */
export function ReplacedSecret({ secrets, chosen, onChoose }: ReplacedSecretProps) {
  const id = useId();
  const now = Date.now();
  const ago = (time: string) => relativeTime(Date.parse(time), now);
  return (
    <div class="field">
      <label for={id}>Which one ends now?</label>
      <select
        id={id}
        value={chosen}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {secrets.map(({ secretId, hint, createdAt, lastUsedAt }) => (
          <option key={secretId} value={secretId}>
            {`…${hint}, made ${ago(createdAt)}, ${lastUsedAt === undefined ? 'never used' : `last used ${ago(lastUsedAt)}`}`}
          </option>
        ))}
      </select>
      <span class="muted" id={`${id}-hint`}>
        A client has two secrets at the most. Whoever uses this one is refused from now on; the other one goes
        on working until it ends.
      </span>
    </div>
  );
}
