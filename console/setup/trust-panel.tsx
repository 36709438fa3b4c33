import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { StatusBadge } from '../components/status-badge';
import { TrustFacts, TrustUse } from '../components/trust-facts';
import type { TrustingClient } from './own-credential';
import { RevokeDialog } from './revoke-dialog';
import { useSetup } from './setup-context';
import { STANDINGS } from './standings';
import { type TrustChange, TrustDialog } from './trust-dialog';

interface TrustPanelProps {
  readonly client: TrustingClient;
  readonly onChanged: () => void;
}

/** Whose assertions a client takes in place of a secret, and how that is ended. */
export function TrustPanel({ client, onChanged }: TrustPanelProps) {
  const { page } = useSetup();
  const [asked, setAsked] = useState<TrustChange | 'revoke'>();
  const { clientId, label, state, secrets, trust } = client;
  const mayChange = page.link.may.includes('credentials') && state === 'live';
  const close = () => setAsked(undefined);
  const changed = () => {
    close();
    onChanged();
  };
  return (
    <section class="stack" aria-label={`Trust of ${label}`}>
      <div class="row">
        <h2>Assertions in place of a secret</h2>
        <StatusBadge kind={STANDINGS[state]}>{state}</StatusBadge>
      </div>
      <TrustUse trust={trust} />
      <TrustFacts clientId={clientId} trust={trust} />
      {mayChange && secrets.length > 0 && trust.lastUsedAt !== undefined && (
        <Notice kind="info" title="It has a secret, too">
          <p>Assertions are in use: the secret is not needed any more.</p>
          <div>
            <Button small onPress={() => setAsked('end-secrets')}>
              End the secret now
            </Button>
          </div>
        </Notice>
      )}
      {mayChange && (
        <div class="row">
          {secrets.length > 0 ? (
            <Button small kind="danger" onPress={() => setAsked('remove')}>
              Trust it no more
            </Button>
          ) : (
            <Button
              small
              kind="danger"
              label={`Revoke ${label} ${clientId}`}
              onPress={() => setAsked('revoke')}
            >
              Revoke
            </Button>
          )}
          <span class="muted">Going through the steps again changes the values.</span>
        </div>
      )}
      {asked === 'revoke' && (
        <RevokeDialog row={{ kind: 'client', id: clientId }} onClose={close} onRevoked={changed} />
      )}
      {asked !== undefined && asked !== 'revoke' && (
        <TrustDialog client={client} change={asked} onClose={close} onChanged={changed} />
      )}
    </section>
  );
}
