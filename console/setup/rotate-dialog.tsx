import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { isFull, leastMissed, ReplacedSecret } from '../components/replaced-secret';
import { useAction } from './action';
import { watchFromTheFirstRequest } from './api';
import type { CredentialRow } from './credential-rows';
import { FaultNotice } from './fault-notice';
import { useSetup } from './setup-context';

/** A credential that was made in place of another, which still works. */
export interface Successor {
  readonly of: CredentialRow;
  /** Whether one of two secrets ended for it. */
  readonly isInPlaceOfOne: boolean;
  /** Names it in the list: the token's id, the last characters of a secret. */
  readonly id: string;
  /** Until the reader has taken it. */
  readonly secret: string | undefined;
}

interface RotateDialogProps {
  readonly row: CredentialRow;
  readonly onMade: (successor: Successor) => void;
  readonly onClose: () => void;
}

/**
 * Asks before a successor is made; nothing of it can harm, since the old one goes on working. Of two secrets, one ends
 * for the third.
 */
export function RotateDialog({ row, onMade, onClose }: RotateDialogProps) {
  const { api } = useSetup();
  const mustReplace = isFull(row.secrets);
  const [replaced, setReplaced] = useState(() => leastMissed(row.secrets));
  const { run, isBusy, fault } = useAction(async () => {
    const successor = await successorOf(api, row, mustReplace ? replaced : undefined);
    await watchFromTheFirstRequest(api);
    onMade(successor);
    announce('The successor is made, and shown once.');
  });
  return (
    <Dialog
      title={row.kind === 'token' ? 'Make a successor of this token?' : 'Make another secret?'}
      action={{ label: 'Make it', onPress: run, isDangerous: mustReplace }}
      busy={isBusy}
      onClose={onClose}
    >
      {mustReplace ? (
        <ReplacedSecret secrets={row.secrets} chosen={replaced} onChoose={setReplaced} />
      ) : (
        <p>
          The present one is accepted for another day, so that nothing fails while you paste the new one at
          the identity provider.
        </p>
      )}
      <FaultNotice fault={fault} />
    </Dialog>
  );
}

async function successorOf(
  api: ReturnType<typeof useSetup>['api'],
  row: CredentialRow,
  replaced: string | undefined,
): Promise<Successor> {
  if (row.kind === 'token') {
    const { tokenId, token } = await api('POST /tokens/{tokenId}/rotate', { tokenId: row.id });
    return { of: row, isInPlaceOfOne: false, id: tokenId, secret: token };
  }
  const order = { clientId: row.id, ...(replaced === undefined ? {} : { replace: replaced }) };
  const { clientSecret } = await api('POST /clients/{clientId}/rotate', order);
  const isInPlaceOfOne = replaced !== undefined;
  return { of: row, isInPlaceOfOne, id: clientSecret.slice(-4), secret: clientSecret };
}
