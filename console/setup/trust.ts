import { useEffect, useState } from 'preact/hooks';
import { type EnteredTrust, refusedTrust, type TrustFaults, trustValues } from '../components/trust-fields';
import { type SetupApi, watchFromTheFirstRequest } from './api';
import { SetupFault } from './fault';
import type { Client } from './own-credential';
import { useSetup } from './setup-context';

/** The OAuth clients, once they are known, and what replaces them when they have changed. */
export function useClients(): readonly [readonly Client[] | undefined, (clients: readonly Client[]) => void] {
  const { api, onFault } = useSetup();
  const [clients, setClients] = useState<readonly Client[]>();
  useEffect(() => {
    let isOver = false;
    api('GET /credentials', {}).then((listed) => {
      if (!isOver) setClients(listed.clients);
    }, onFault);
    return () => {
      isOver = true;
    };
  }, [api, onFault]);
  return [clients, setClients];
}

/** Makes a client that is to trust somebody. Nobody gets to see its secret, which ends when the trust is set. */
export async function newClient(api: SetupApi, label: string): Promise<Client> {
  const { clientSecret: _, ...client } = await api('POST /clients', { label });
  return client;
}

/**
 * Has a client trust what was entered. Secrets of the page's own client that nobody has used end at once, that of a new
 * one with them; others go on until the reader ends them.
 */
export async function trust(
  api: SetupApi,
  { clientId, secrets }: Client,
  entered: EnteredTrust,
  isOwnClient: boolean,
): Promise<Client> {
  const endSecrets = isOwnClient && secrets.every(({ lastUsedAt }) => lastUsedAt === undefined);
  const order = { ...trustValues(entered), endSecrets };
  const client = await api('PUT /clients/{clientId}/trust', { clientId, ...order });
  await watchFromTheFirstRequest(api);
  return client;
}

/** A refusal at the field that it speaks of. */
export function refusedFields(fault: unknown): TrustFaults | undefined {
  if (!(fault instanceof SetupFault) || fault.code !== 'invalid-input') return undefined;
  return refusedTrust(fault.message);
}
