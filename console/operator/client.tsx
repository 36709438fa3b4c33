import { useState } from 'preact/hooks';
import { DataTable } from '../components/data-table';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { hrefOf } from './address';
import { call } from './call';
import { type Made, MadeCredential, NotTold, Replace, type Revoked } from './credential-actions';
import { Moment } from './credentials';
import { useLoaded } from './loading';
import { CommandShown, Facts, Heading, Showing } from './parts';
import type { Result } from './routes';
import { State } from './standing';
import { TrustOfClient } from './trust';

type Client = Result<'clients.show'>;

/** One OAuth client: its secrets, and whose signed assertions it takes in place of them. */
export function ClientPage({ tenantId, clientId }: { readonly tenantId: string; readonly clientId: string }) {
  const client = useLoaded(
    (signal) => call('clients.show', { tenantId, clientId }, signal),
    [tenantId, clientId],
  );
  const [made, setMade] = useState<Made>();
  const [revoked, setRevoked] = useState<Revoked>();
  return (
    <div class="stack">
      <Heading
        above={
          <>
            <a href={hrefOf(['tenants', tenantId])}>{tenantId}</a> /{' '}
            <a href={hrefOf(['tenants', tenantId, 'credentials'])}>Credentials</a>
          </>
        }
      >
        {client.value?.label ?? clientId}
      </Heading>
      {revoked?.cacheFlushed === false && <NotTold tenantId={tenantId} of={revoked} onRevoked={setRevoked} />}
      {made !== undefined && <MadeCredential made={made} onTaken={() => setMade(undefined)} />}
      <Showing of={client}>
        {(found) => (
          <>
            <Identity client={found} />
            <TrustOfClient client={found} onChange={client.reload} />
            {found.state === 'live' && (
              <section class="card" aria-label="What can be done">
                <h2>What can be done</h2>
                <Replace
                  kind="client"
                  tenantId={tenantId}
                  id={clientId}
                  label={found.label}
                  secrets={found.secrets}
                  onMade={(secret) => {
                    setMade(secret);
                    client.reload();
                  }}
                  onRevoked={(credential) => {
                    setRevoked(credential);
                    client.reload();
                  }}
                />
              </section>
            )}
          </>
        )}
      </Showing>
    </div>
  );
}

function Identity({ client }: { readonly client: Client }) {
  const at = (moment: string | undefined) => moment && <RelativeTime at={moment} />;
  return (
    <section class="card" aria-label="Identity">
      <div class="row">
        <h2>OAuth client</h2>
        <State state={client.state} />
      </div>
      <Facts
        facts={[
          ['Client id', <code key="id">{client.clientId}</code>],
          ['It may', client.scope === 'read' ? 'read' : 'read and write'],
          ['Created', at(client.createdAt)],
          ['Last request', at(client.lastUsedAt) ?? 'never'],
          ['Ends', at(client.expiresAt)],
          ['Revoked', at(client.revokedAt)],
        ]}
      />
      <DataTable
        caption="Secrets"
        rows={client.secrets}
        keyOf={({ secretId }) => secretId}
        empty="There is no secret that is accepted."
        columns={[
          { title: 'Secret', cell: ({ hint }) => <code>…{hint}</code> },
          { title: 'Made', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
          {
            title: 'Last gave a token',
            cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} none="never" />,
          },
          { title: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
        ]}
      />
      {client.state === 'live' && client.secrets.length === 0 && client.trust === undefined && (
        <Notice kind="warning">It gets no token any more: rotate it, or have it trust an issuer.</Notice>
      )}
      <CommandShown words={['client show', client.tenantId, client.clientId]} />
    </section>
  );
}
