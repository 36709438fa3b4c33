import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import { type Revocable, revoke } from './not-told';
import { useSetup } from './setup-context';

interface RevokeDialogProps {
  readonly row: Revocable;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Asks before a credential ends: whoever uses it is refused from then on. */
export function RevokeDialog({ row, onRevoked, onClose }: RevokeDialogProps) {
  const { api } = useSetup();
  const { run, isBusy, fault } = useAction(async () => {
    // That the gateway was not told is said by a notice, for as long as it is so.
    if (await revoke(api, row)) announce('Revoked.');
    onRevoked();
  });
  return (
    <Dialog
      title={row.kind === 'token' ? 'Revoke this token?' : 'Revoke this client and all its secrets?'}
      action={{ label: 'Revoke it', onPress: run, isDangerous: true }}
      busy={isBusy}
      onClose={onClose}
    >
      <p>
        Whoever uses it is refused from now on. If the identity provider still does, nothing is kept up to
        date until it has another.
      </p>
      <FaultNotice fault={fault} />
    </Dialog>
  );
}
