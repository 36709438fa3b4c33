import { useState } from 'preact/hooks';
import { Button } from '../components/button';
import { DataTable } from '../components/data-table';
import { Notice } from '../components/notice';
import { RelativeTime } from '../components/relative-time';
import { StatusBadge } from '../components/status-badge';
import { type CredentialRow, rowsOf } from './credential-rows';
import { FaultNotice } from './fault-notice';
import { NotTold } from './not-told';
import { isTrusting } from './own-credential';
import { usePolled } from './polled';
import { RevokeDialog } from './revoke-dialog';
import { RotateDialog, type Successor } from './rotate-dialog';
import { useSetup } from './setup-context';
import { STANDINGS } from './standings';
import { SuccessorNotice } from './successor-notice';
import { TrustPanel } from './trust-panel';

/** Tokens and clients with their end and last use; each can be followed by a successor, and ended. */
export function CredentialsPanel() {
  const { api, page, branding, onFault } = useSetup();
  const { value, fault, refresh } = usePolled(() => api('GET /credentials', {}), onFault);
  const [asked, setAsked] = useState<{ readonly what: 'rotate' | 'revoke'; readonly row: CredentialRow }>();
  const [successor, setSuccessor] = useState<Successor>();
  const mayChange = page.link.may.includes('credentials');
  const close = () => setAsked(undefined);
  const revoke = (row: CredentialRow) => setAsked({ what: 'revoke', row });
  if (value === undefined)
    return fault === undefined ? <p class="muted">Loading …</p> : <FaultNotice fault={fault} />;
  const rows = rowsOf(value);
  const trusting = value.clients.filter(isTrusting);
  return (
    <div class="stack">
      <NotTold of={value} onTold={refresh} />
      {successor !== undefined && (
        <SuccessorNotice
          successor={successor}
          rows={rows}
          onTaken={() => setSuccessor({ ...successor, secret: undefined })}
          onRevoke={revoke}
        />
      )}
      <DataTable
        caption="Credentials"
        rows={rows}
        keyOf={({ key }) => key}
        empty={trusting.length === 0 ? 'None was made yet.' : 'There is no token and no secret.'}
        columns={[
          {
            title: 'Credential',
            cell: ({ kind, label, id, hint }) => (
              <>
                {kind === 'token' ? 'Token' : 'Client secret'} <strong>{label}</strong>
                <br />
                <code>{hint === undefined ? id : `…${hint}`}</code>
              </>
            ),
          },
          {
            title: 'State',
            cell: ({ state, scope }) => (
              <>
                <StatusBadge kind={STANDINGS[state]}>{state}</StatusBadge>
                {scope === 'read' && ' reads only'}
              </>
            ),
          },
          {
            title: 'Last used',
            cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? 'never' : <RelativeTime at={lastUsedAt} />),
          },
          { title: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
          {
            title: '',
            cell: (row) =>
              mayChange && row.state === 'live' ? (
                <div class="row">
                  {row.isNewest && (
                    <Button
                      small
                      label={`Rotate ${row.label} ${row.hint ?? row.id}`}
                      onPress={() => setAsked({ what: 'rotate', row })}
                    >
                      Rotate
                    </Button>
                  )}
                  {row.isRevocable && (
                    <Button
                      small
                      kind="danger"
                      label={`Revoke ${row.label} ${row.id}`}
                      onPress={() => revoke(row)}
                    >
                      Revoke
                    </Button>
                  )}
                </div>
              ) : null,
          },
        ]}
      />
      {trusting.map((client) => (
        <TrustPanel key={client.clientId} client={client} onChanged={refresh} />
      ))}
      {!mayChange && (
        <Notice kind="info">
          <p>This link may not make or end credentials. Ask {branding.vendor} for one that may.</p>
        </Notice>
      )}
      {asked?.what === 'rotate' && (
        <RotateDialog
          row={asked.row}
          onClose={close}
          onMade={(made) => {
            setSuccessor(made);
            close();
            refresh();
          }}
        />
      )}
      {asked?.what === 'revoke' && (
        <RevokeDialog
          row={asked.row}
          onClose={close}
          onRevoked={() => {
            close();
            refresh();
          }}
        />
      )}
    </div>
  );
}
