import { useState } from 'preact/hooks';
import { CopyableValue } from '../components/copyable-value';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { isFull, leastMissed, ReplacedSecret } from '../components/replaced-secret';
import { SecretOnce } from '../components/secret-once';
import { call } from './call';
import { Action, Choice } from './parts';
import type { Result } from './routes';

/** A credential with the secret that was just made for it. */
export type Made = Result<'tokens.create'> | Result<'clients.create'>;
type Scope = 'read' | 'write';

const DAY_SECONDS = 86_400;

/** What was just made, with its secret, which is shown once. */
export function MadeCredential({ made, onTaken }: { readonly made: Made; readonly onTaken: () => void }) {
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

/** Makes a credential. */
export function Create({ kind, tenantId, onMade }: CredentialProps) {
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
  /** Of a client: those that are accepted, the newest first. */
  readonly secrets?: Result<'clients.show'>['secrets'];
  readonly onRevoked: (revoked: Revoked) => void;
}

/** Rotates and revokes a credential. */
export function Replace({ kind, tenantId, id, label, secrets = [], onMade, onRevoked }: ReplaceProps) {
  const [chosen, setChosen] = useState<string>();
  const mustReplace = isFull(secrets);
  const replace = secrets.some(({ secretId }) => secretId === chosen) ? chosen : leastMissed(secrets);
  const giveUp = mustReplace && replace !== undefined ? { replace } : { overlapSeconds: DAY_SECONDS };
  return (
    <>
      <Action
        title="Rotate"
        of={label}
        about={
          mustReplace
            ? `${label}: makes another secret in place of one of the two.`
            : `${label}: makes a successor. The old secret is accepted for another day, so that nothing breaks meanwhile.`
        }
        words={[
          kind === 'token' ? 'token rotate' : 'client rotate',
          tenantId,
          id,
          ...('replace' in giveUp ? ['--replace', giveUp.replace] : ['--overlap', '1d']),
        ]}
        isDangerous={mustReplace}
        onDo={async () => {
          onMade(
            await (kind === 'token'
              ? call('tokens.rotate', { tenantId, tokenId: id, overlapSeconds: DAY_SECONDS })
              : call('clients.rotate', { tenantId, clientId: id, ...giveUp })),
          );
          return 'The successor is made; its secret is above, once.';
        }}
      >
        {mustReplace && <ReplacedSecret secrets={secrets} chosen={replace} onChoose={setChosen} />}
      </Action>
      <Action
        title="Revoke"
        of={label}
        about={`${label}: it is refused from now on. Provisioning stops until there is another one.`}
        words={[kind === 'token' ? 'token revoke' : 'client revoke', tenantId, id]}
        isDangerous
        onDo={async () => {
          onRevoked(await revoked(kind, tenantId, id));
          return `${label} is revoked.`;
        }}
      />
    </>
  );
}

/** A credential that was revoked, and whether the gateway was told. */
export interface Revoked {
  readonly kind: 'token' | 'client';
  readonly id: string;
  readonly label: string;
  readonly cacheFlushed: boolean;
}

async function revoked(kind: Revoked['kind'], tenantId: string, id: string): Promise<Revoked> {
  const { label, cacheFlushed } = await (kind === 'token'
    ? call('tokens.revoke', { tenantId, tokenId: id })
    : call('clients.revoke', { tenantId, clientId: id }));
  return { kind, id, label, cacheFlushed };
}

/** Says of a credential that the gateway may still accept it, and has the gateway told again. */
export function NotTold({
  tenantId,
  of: { kind, id, label },
  onRevoked,
}: {
  readonly tenantId: string;
  readonly of: Revoked;
  readonly onRevoked: (revoked: Revoked) => void;
}) {
  return (
    <Notice kind="warning" title={`${label} is revoked, and the gateway was not told`} urgent>
      <p>
        A gateway that has just let it in may do so for up to five more minutes, until it asks anew. To revoke
        it again tells the gateway.
      </p>
      <Action
        title="Revoke again"
        of={label}
        about={`${label}: has the gateway forget that it let it in.`}
        words={[kind === 'token' ? 'token revoke' : 'client revoke', tenantId, id]}
        isDangerous
        onDo={async () => {
          const again = await revoked(kind, tenantId, id);
          onRevoked(again);
          if (!again.cacheFlushed) throw new Error(NO_GATEWAY);
          return 'The gateway has forgotten it.';
        }}
      />
    </Notice>
  );
}

const NO_GATEWAY = 'There is no gateway that could be told: the console knows the table alone.';
