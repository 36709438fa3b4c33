import { Button } from '../components/button';
import { useFocusWhen } from '../components/focus';
import { Notice } from '../components/notice';
import { SecretOnce } from '../components/secret-once';
import type { CredentialRow } from './credential-rows';
import { Statements } from './guide-text';
import type { Successor } from './rotate-dialog';
import { useSetup } from './setup-context';

interface SuccessorNoticeProps {
  readonly successor: Successor;
  readonly rows: readonly CredentialRow[];
  readonly onTaken: () => void;
  readonly onRevoke: (row: CredentialRow) => void;
}

/** A rotation under way: the new secret until it is taken, then whether it is in use, then the end of the old one. */
export function SuccessorNotice({ successor, rows, onTaken, onRevoke }: SuccessorNoticeProps) {
  const { method } = useSetup();
  const { of, isInPlaceOfOne, id, secret } = successor;
  const isNew = (row: CredentialRow) => row.id === id || row.hint === id;
  const isUsed = rows.some((row) => isNew(row) && row.lastUsedAt !== undefined);
  const standing = useFocusWhen(secret === undefined);
  const old = rows.find(({ key, state }) => key === of.key && state === 'live');
  return (
    <div class="stack">
      {secret !== undefined && (
        <SecretOnce
          label={of.kind === 'token' ? 'New token' : 'New client secret'}
          value={secret}
          onTaken={onTaken}
        />
      )}
      {isUsed ? (
        <Notice kind="good" title="The new one is in use" focusRef={standing}>
          {old === undefined || old.kind === 'client' ? (
            <p>The old one ends by itself.</p>
          ) : (
            <>
              <p>The old one can end now; otherwise it ends by itself within a day.</p>
              <div>
                <Button small onPress={() => onRevoke(old)}>
                  End the old one now
                </Button>
              </div>
            </>
          )}
        </Notice>
      ) : (
        <Notice kind="info" title="The new one was not used yet" focusRef={standing}>
          <p>
            {isInPlaceOfOne
              ? 'The one that you gave up has ended; the other one goes on working until it ends.'
              : 'Until it is, the old one goes on working for a day.'}{' '}
            What to do at the identity provider:
          </p>
          {method !== undefined && <Statements statements={method.renewal} />}
        </Notice>
      )}
    </div>
  );
}
