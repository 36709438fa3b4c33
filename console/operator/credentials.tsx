import { useState } from 'preact/hooks';
import { CopyableValue } from '../components/copyable-value';
import { DataTable } from '../components/data-table';
import { Field } from '../components/field';
import { RelativeTime } from '../components/relative-time';
import { SecretOnce } from '../components/secret-once';
import { call } from './call';
import { Action, Choice, CommandShown } from './parts';
import type { Result } from './routes';
import { State } from './standing';

type Tenant = Result<'tenants.show'>;
type Made = Result<'tokens.create'> | Result<'clients.create'>;
type Scope = 'read' | 'write';

const DAY_SECONDS = 86_400;

/** Tokens and OAuth clients: listed, made, rotated, revoked. A secret is shown once, here, and leaves with the page. */
export function CredentialsPart({
  tenant,
  onChange,
}: {
  readonly tenant: Tenant;
  readonly onChange: () => void;
}) {
  const { tenantId } = tenant;
  const [made, setMade] = useState<Made>();
  const onMade = (credential: Made) => {
    setMade(credential);
    onChange();
  };
  return (
    <div class="stack">
      {made !== undefined && <MadeCredential made={made} onTaken={() => setMade(undefined)} />}
      <section class="card" aria-label="Tokens">
        <DataTable
          caption="Tokens"
          rows={tenant.tokens}
          keyOf={({ tokenId }) => tokenId}
          empty="There is no token."
          columns={[
            {
              title: 'Token',
              cell: ({ label, tokenId }) => (
                <>
                  {label} <code>{tokenId}</code>
                </>
              ),
            },
            { title: 'State', cell: ({ state }) => <State state={state} /> },
            { title: 'May', cell: ({ scope }) => scope },
            { title: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} none="never" /> },
            { title: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} none="" /> },
          ]}
        />
        <CommandShown words={['token list', tenantId]} />
        <Create kind="token" tenantId={tenantId} onMade={onMade} />
        {tenant.tokens
          .filter(({ state }) => state === 'live')
          .map(({ tokenId, label }) => (
            <Replace
              key={tokenId}
              kind="token"
              tenantId={tenantId}
              id={tokenId}
              label={label}
              onMade={onMade}
              onChange={onChange}
            />
          ))}
      </section>
      <section class="card" aria-label="OAuth clients">
        <DataTable
          caption="OAuth clients"
          rows={tenant.clients}
          keyOf={({ clientId }) => clientId}
          empty="There is no OAuth client."
          columns={[
            {
              title: 'Client',
              cell: ({ label, clientId }) => (
                <>
                  {label} <code>{clientId}</code>
                </>
              ),
            },
            { title: 'State', cell: ({ state }) => <State state={state} /> },
            { title: 'May', cell: ({ scope }) => scope },
            { title: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} none="never" /> },
            { title: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} none="" /> },
          ]}
        />
        <CommandShown words={['client list', tenantId]} />
        <Create kind="client" tenantId={tenantId} onMade={onMade} />
        {tenant.clients
          .filter(({ state }) => state === 'live')
          .map(({ clientId, label }) => (
            <Replace
              key={clientId}
              kind="client"
              tenantId={tenantId}
              id={clientId}
              label={label}
              onMade={onMade}
              onChange={onChange}
            />
          ))}
      </section>
    </div>
  );
}

const Moment = ({ at, none }: { readonly at: string | undefined; readonly none: string }) =>
  at === undefined ? <span class="muted">{none}</span> : <RelativeTime at={at} />;

function MadeCredential({ made, onTaken }: { readonly made: Made; readonly onTaken: () => void }) {
  return (
    <section class="card" aria-label="The new credential">
      {made.baseUrl !== undefined && <CopyableValue label="Tenant URL" value={made.baseUrl} />}
      {'clientSecret' in made ? (
        <>
          {made.tokenUrl !== undefined && <CopyableValue label="Token endpoint" value={made.tokenUrl} />}
          <CopyableValue label="Client id" value={made.clientId} />
          <SecretOnce label="Client secret" value={made.clientSecret} onTaken={onTaken} />
        </>
      ) : (
        <SecretOnce label="Token" value={made.token} onTaken={onTaken} />
      )}
    </section>
  );
}

interface CredentialProps {
  readonly kind: 'token' | 'client';
  readonly tenantId: string;
  readonly onMade: (made: Made) => void;
}

function Create({ kind, tenantId, onMade }: CredentialProps) {
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState<Scope>('write');
  const [days, setDays] = useState('365');
  const input = { tenantId, label, scope, lifeSeconds: Number(days) * DAY_SECONDS };
  return (
    <Action
      title={kind === 'token' ? 'Make a token' : 'Make an OAuth client'}
      about={
        kind === 'token'
          ? 'For identity providers that take a bearer token.'
          : 'For identity providers that get themselves short-lived tokens, by client credentials.'
      }
      words={[
        kind === 'token' ? 'token create' : 'client create',
        tenantId,
        '--label',
        label || 'entra',
        '--scope',
        scope,
        '--expires',
        `${days}d`,
      ]}
      onDo={async () => {
        onMade(await (kind === 'token' ? call('tokens.create', input) : call('clients.create', input)));
        return 'It is made; its secret is above, once.';
      }}
    >
      <Field
        label="What it is for"
        value={label}
        onChange={setLabel}
        hint="As in entra; shown in lists and alarms."
      />
      <Choice
        label="It may"
        value={scope}
        options={[
          ['write', 'read and write'],
          ['read', 'read only'],
        ]}
        onChange={setScope}
      />
      <Field label="Days until it ends" type="number" value={days} onChange={setDays} />
    </Action>
  );
}

interface ReplaceProps extends CredentialProps {
  readonly id: string;
  readonly label: string;
  readonly onChange: () => void;
}

function Replace({ kind, tenantId, id, label, onMade, onChange }: ReplaceProps) {
  return (
    <>
      <Action
        title="Rotate"
        of={label}
        about={`${label}: makes a successor. The old secret is accepted for another day, so that nothing breaks meanwhile.`}
        words={[kind === 'token' ? 'token rotate' : 'client rotate', tenantId, id, '--overlap', '1d']}
        onDo={async () => {
          const overlapSeconds = DAY_SECONDS;
          onMade(
            await (kind === 'token'
              ? call('tokens.rotate', { tenantId, tokenId: id, overlapSeconds })
              : call('clients.rotate', { tenantId, clientId: id, overlapSeconds })),
          );
          return 'The successor is made; its secret is above, once.';
        }}
      />
      <Action
        title="Revoke"
        of={label}
        about={`${label}: it is refused from now on. Provisioning stops until there is another one.`}
        words={[kind === 'token' ? 'token revoke' : 'client revoke', tenantId, id]}
        isDangerous
        onDo={async () => {
          await (kind === 'token'
            ? call('tokens.revoke', { tenantId, tokenId: id })
            : call('clients.revoke', { tenantId, clientId: id }));
          onChange();
          return `${label} is revoked.`;
        }}
      />
    </>
  );
}
