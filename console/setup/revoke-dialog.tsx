import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { useAction } from './action';
import type { CredentialRow } from './credential-rows';
import { FaultNotice } from './fault-notice';
import { useSetup } from './setup-context';

interface RevokeDialogProps {
  readonly row: Pick<CredentialRow, 'kind' | 'id'>;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Asks before a credential ends: whoever uses it is refused from then on. */
export function RevokeDialog({ row, onRevoked, onClose }: RevokeDialogProps) {
  const { api } = useSetup();
  const { run, isBusy, fault } = useAction(async () => {
    if (row.kind === 'token') await api('POST /tokens/{tokenId}/revoke', { tokenId: row.id });
    else await api('POST /clients/{clientId}/revoke', { clientId: row.id });
    announce('Revoked.');
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
