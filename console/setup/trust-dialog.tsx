import { Dialog } from '../components/dialog';
import { announce } from '../components/live-region';
import { useAction } from './action';
import { FaultNotice } from './fault-notice';
import type { TrustingClient } from './own-credential';
import { useSetup } from './setup-context';

/** What can be changed of a client that has a secret as well as a trust: to go on with one of them alone. */
export type TrustChange = 'remove' | 'end-secrets';

interface TrustDialogProps {
  readonly client: TrustingClient;
  readonly change: TrustChange;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

const WORDS = {
  remove: {
    title: 'Trust this identity no more?',
    label: 'Trust it no more',
    text: 'Its assertions are refused from now on. The identity provider has access with the secret alone: look that it is entered there.',
    done: 'It is trusted no more.',
  },
  'end-secrets': {
    title: 'End the secret?',
    label: 'End it',
    text: 'Whoever uses the secret is refused from now on. The identity provider has access with its assertions alone.',
    done: 'The secret is ended.',
  },
} as const;

/** Asks before one of the two ways in is closed. */
export function TrustDialog({ client, change, onChanged, onClose }: TrustDialogProps) {
  const { api } = useSetup();
  const { title, label, text, done } = WORDS[change];
  const { run, isBusy, fault } = useAction(async () => {
    const { clientId, trust } = client;
    if (change === 'remove') {
      await api('DELETE /clients/{clientId}/trust', { clientId });
    } else {
      const { issuer, subject, audience, jwks } = trust;
      const order = { issuer, subject, audience, jwks, endSecrets: true };
      await api('PUT /clients/{clientId}/trust', { clientId, ...order });
    }
    announce(done);
    onChanged();
  });
  return (
    <Dialog title={title} action={{ label, onPress: run, isDangerous: true }} busy={isBusy} onClose={onClose}>
      <p>{text}</p>
      <FaultNotice fault={fault} />
    </Dialog>
  );
}
