import { Button } from '../components/button';
import { announce } from '../components/live-region';
import { Notice } from '../components/notice';
import { useAction } from './action';
import type { SetupApi } from './api';
import type { CredentialRow } from './credential-rows';
import { FaultNotice } from './fault-notice';
import { type Credentials, useSetup } from './setup-context';

/** What names a credential that is to be revoked. */
export type Revocable = Pick<CredentialRow, 'kind' | 'id'>;

/** Ends a credential; asked again, it has the gateway told where that has failed. @returns whether that came through */
export async function revoke(api: SetupApi, { kind, id }: Revocable): Promise<boolean> {
  const { isEffective } = await (kind === 'token'
    ? api('POST /tokens/{tokenId}/revoke', { tokenId: id })
    : api('POST /clients/{clientId}/revoke', { clientId: id }));
  return isEffective;
}

/** Credentials that are revoked and that the gateway may still accept: for each a notice, with what to do about it. */
export function NotTold({ of, onTold }: { readonly of: Credentials; readonly onTold: () => void }) {
  const tokens = of.tokens.filter(({ isEffective }) => isEffective === false);
  const clients = of.clients.filter(({ isEffective }) => isEffective === false);
  return (
    <>
      {tokens.map(({ tokenId, label }) => (
        <NotToldOne key={tokenId} kind="token" id={tokenId} label={label} onTold={onTold} />
      ))}
      {clients.map(({ clientId, label }) => (
        <NotToldOne key={clientId} kind="client" id={clientId} label={label} onTold={onTold} />
      ))}
    </>
  );
}

interface NotToldOneProps extends Revocable {
  readonly label: string;
  readonly onTold: () => void;
}

function NotToldOne({ kind, id, label, onTold }: NotToldOneProps) {
  const { api, page } = useSetup();
  const { run, isBusy, fault } = useAction(async () => {
    const isTold = await revoke(api, { kind, id });
    announce(isTold ? 'The gateway has been told.' : 'The gateway was not told. Try again in ten seconds.');
    onTold();
  });
  return (
    <Notice kind="warning" title={`${label} is revoked, and the gateway was not told`} urgent>
      <p>
        Where it was just used, it may be accepted for some more minutes, until the gateway asks anew. This
        notice goes when that is over.
      </p>
      {page.link.may.includes('credentials') && (
        <div>
          <Button small busy={isBusy} label={`Tell the gateway of ${label} ${id}`} onPress={run}>
            Tell the gateway
          </Button>
        </div>
      )}
      <FaultNotice fault={fault} />
    </Notice>
  );
}
