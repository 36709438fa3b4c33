import { useEffect } from 'preact/hooks';
import { Notice } from '../components/notice';
import { clientOfTrust, isTrusting } from './own-credential';
import { useSetup } from './setup-context';
import { useClients } from './trust';

/** Has the id of the client that trusts the identity provider shown in the form; says where it comes from without one. */
export function TrustingClientId() {
  const { guide, values, keepValues } = useSetup();
  const [clients] = useClients();
  const client = clients === undefined ? undefined : clientOfTrust(clients, guide);
  const clientId = client !== undefined && isTrusting(client) ? client.clientId : undefined;
  useEffect(() => {
    if (clientId !== undefined && values.clientId !== clientId) keepValues({ ...values, clientId });
  }, [clientId, values, keepValues]);
  return clients === undefined || clientId !== undefined ? null : (
    <Notice kind="warning">
      <p>
        Nothing is trusted yet: go back, and enter the four values first. The client id is made with them.
      </p>
    </Notice>
  );
}
