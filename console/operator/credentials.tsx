import { useState } from 'preact/hooks';
import { DataTable } from '../components/data-table';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { Create, type Made, MadeCredential, NotTold, Replace, type Revoked } from './credential-actions';
import { CommandShown } from './parts';
import type { Result } from './routes';
import { State } from './standing';

type Tenant = Result<'tenants.show'>;

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
  const [revoked, setRevoked] = useState<Revoked>();
  const onMade = (credential: Made) => {
    setMade(credential);
    onChange();
  };
  const onRevoked = (credential: Revoked) => {
    setRevoked(credential);
    onChange();
  };
  return (
    <div class="stack">
      {revoked?.cacheFlushed === false && <NotTold tenantId={tenantId} of={revoked} onRevoked={setRevoked} />}
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
              onRevoked={onRevoked}
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
                  <a href={hrefOf(['tenants', tenantId, 'credentials', clientId])}>{label}</a>{' '}
                  <code>{clientId}</code>
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
          .map(({ clientId, label, secrets }) => (
            <Replace
              key={clientId}
              secrets={secrets}
              kind="client"
              tenantId={tenantId}
              id={clientId}
              label={label}
              onMade={onMade}
              onRevoked={onRevoked}
            />
          ))}
      </section>
    </div>
  );
}

/** A moment, or what is said without one. */
export const Moment = ({ at, none }: { readonly at: string | undefined; readonly none: string }) =>
  at === undefined ? <span class="muted">{none}</span> : <RelativeTime at={at} />;
