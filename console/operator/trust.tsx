import { useState } from 'preact/hooks';
import { TrustFacts, TrustUse } from '../components/trust-facts';
import {
  type EnteredTrust,
  enteredTrust,
  missingTrust,
  refusedTrust,
  type TrustFaults,
  type TrustField,
  TrustFields,
  trustValues,
} from '../components/trust-fields';
import { CallFailed, call } from './call';
import { Action, Choice, ShownAtField } from './parts';
import type { Result } from './routes';

type Client = Result<'clients.show'>;

/** The claims of an assertion, with what Entra ID shows of its own. */
const FIELDS: readonly TrustField[] = [
  {
    label: 'Issuer (iss)',
    takes: 'issuer',
    example: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0',
  },
  {
    label: 'JWKS URL',
    takes: 'jwksUrl',
    example: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/discovery/v2.0/keys',
  },
  { label: 'Subject (sub)', takes: 'subject', example: '11111111-1111-1111-1111-111111111111' },
  { label: 'Audience (aud)', takes: 'audience', example: 'api://22222222-2222-2222-2222-222222222222' },
];

interface TrustProps {
  readonly client: Client;
  readonly onChange: () => void;
}

/** Whose signed assertions a client takes in place of a secret, and how that is changed. */
export function TrustOfClient({ client, onChange }: TrustProps) {
  const { tenantId, clientId, trust, secrets, state } = client;
  return (
    <section class="card" aria-label="Assertions in place of a secret">
      <h2>Assertions in place of a secret</h2>
      {trust === undefined ? (
        <p class="muted">It trusts no issuer (workload identity federation, RFC 7523).</p>
      ) : (
        <>
          <TrustUse trust={trust} />
          <TrustFacts clientId={clientId} trust={trust} />
        </>
      )}
      {state === 'live' && <SetTrust client={client} onChange={onChange} />}
      {state === 'live' && trust !== undefined && (
        <Action
          title="Trust it no more"
          about={
            secrets.length === 0
              ? 'Its assertions are refused from now on. It has no secret: rotate it first, or revoke it.'
              : 'Its assertions are refused from now on, and the secret alone gives tokens. Those that it has go on until they end.'
          }
          words={['client trust', tenantId, clientId, '--remove']}
          isDangerous
          onDo={async () => {
            await call('clients.removeTrust', { tenantId, clientId });
            onChange();
            return 'It is trusted no more.';
          }}
        />
      )}
    </section>
  );
}

/** Enters whom a client trusts. What is refused stands at its field. */
function SetTrust({ client: { tenantId, clientId, trust, secrets }, onChange }: TrustProps) {
  const [typed, setTyped] = useState<Partial<EnteredTrust>>({});
  const [faults, setFaults] = useState<TrustFaults>({});
  const [endsSecrets, setEndsSecrets] = useState<'no' | 'yes'>('no');
  const entered = enteredTrust(typed, trust);
  const values = trustValues(entered);
  const endSecrets = endsSecrets === 'yes' && secrets.length > 0;
  const refuse = (found: TrustFaults) => {
    setFaults(found);
    throw new ShownAtField();
  };
  return (
    <Action
      title={trust === undefined ? 'Trust an issuer' : 'Change whom it trusts'}
      about="Signed assertions that have exactly these claims give it access tokens, in place of a secret. Whoever can sign them has access."
      words={[
        'client trust',
        tenantId,
        clientId,
        '--issuer',
        values.issuer || FIELDS[0]?.example,
        '--jwks',
        values.jwks || FIELDS[1]?.example,
        '--subject',
        values.subject || FIELDS[2]?.example,
        '--audience',
        values.audience || FIELDS[3]?.example,
        endSecrets ? '--end-secrets' : undefined,
      ]}
      onDo={async () => {
        const missing = missingTrust(FIELDS, entered);
        if (Object.keys(missing).length > 0) refuse(missing);
        setFaults({});
        try {
          await call('clients.trust', { tenantId, clientId, ...values, endSecrets });
        } catch (failure) {
          const refused = failure instanceof CallFailed ? refusedTrust(failure.message) : undefined;
          if (refused === undefined) throw failure;
          refuse(refused);
        }
        setTyped({});
        onChange();
        return endSecrets ? 'It is trusted, and the secrets are ended.' : 'It is trusted.';
      }}
    >
      <TrustFields
        fields={FIELDS}
        entered={entered}
        faults={faults}
        onType={(takes, value) => setTyped({ ...typed, [takes]: value })}
      />
      {secrets.length > 0 && (
        <Choice
          label="The secrets that it has"
          value={endsSecrets}
          options={[
            ['no', 'go on, until assertions are in use'],
            ['yes', 'end now'],
          ]}
          onChange={setEndsSecrets}
        />
      )}
    </Action>
  );
}
