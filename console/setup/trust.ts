import { useEffect, useState } from 'preact/hooks';
import { type EnteredTrust, refusedTrust, type TrustFaults, trustValues } from '../components/trust-fields';
import { type SetupApi, watchFromTheFirstRequest } from './api';
import { SetupFault } from './fault';
import { type Credentials, useSetup } from './setup-context';

export type Client = Credentials['clients'][number];
export type Trust = NonNullable<Client['trust']>;
/** A client that takes the assertions of an issuer. */
export type TrustingClient = Client & { readonly trust: Trust };

export const isTrusting = (client: Client): client is TrustingClient => client.trust !== undefined;

/** The client of which it is told whom it trusts: one that trusts somebody, else the newest. */
export function clientOfTrust(clients: readonly Client[]): Client | undefined {
  const live = clients.filter(({ state, scope }) => state === 'live' && scope === 'write');
  return live.find(isTrusting) ?? live[0];
}

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
 * Has a client trust what was entered. Secrets that nobody has used end at once, that of a new client with them; those
 * in use go on until the reader ends them.
 */
export async function trust(
  api: SetupApi,
  { clientId, secrets }: Client,
  entered: EnteredTrust,
): Promise<Client> {
  const endSecrets = secrets.every(({ lastUsedAt }) => lastUsedAt === undefined);
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
