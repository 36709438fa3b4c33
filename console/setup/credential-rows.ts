import type { Credentials } from './setup-context';

type Token = Credentials['tokens'][number];

/** A credential as the page lists it: a token, or one secret of a client. */
export interface CredentialRow {
  readonly key: string;
  readonly kind: 'token' | 'client';
  /** Of the token or of the client. */
  readonly id: string;
  /** Last characters of a secret. */
  readonly hint: string | undefined;
  /** Of a client: those that are accepted, the newest first. */
  readonly secrets: Credentials['clients'][number]['secrets'];
  readonly label: string;
  readonly scope: Token['scope'];
  readonly state: Token['state'];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | undefined;
  /** What a successor is made of: the token itself, or the newest secret of its client. */
  readonly isNewest: boolean;
  /** Revoking ends a token, or a client with all its secrets: offered once per client. */
  readonly isRevocable: boolean;
}

/** Tokens and secrets in one list, what is accepted first. */
export function rowsOf({ tokens, clients }: Credentials): CredentialRow[] {
  const rows = [
    ...tokens.map(
      ({ tokenId, ...token }): CredentialRow => ({
        ...token,
        key: tokenId,
        kind: 'token',
        id: tokenId,
        hint: undefined,
        secrets: [],
        lastUsedAt: token.lastUsedAt,
        isNewest: true,
        isRevocable: true,
      }),
    ),
    ...clients.flatMap((client) =>
      client.secrets.map(
        (secret, index): CredentialRow => ({
          key: `${client.clientId} ${secret.secretId}`,
          kind: 'client',
          id: client.clientId,
          label: client.label,
          scope: client.scope,
          state: client.state,
          hint: secret.hint,
          secrets: client.secrets,
          createdAt: secret.createdAt,
          expiresAt: secret.expiresAt,
          lastUsedAt: secret.lastUsedAt,
          isNewest: index === 0,
          isRevocable: index === 0,
        }),
      ),
    ),
  ];
  return rows.toSorted((a, b) => Number(b.state === 'live') - Number(a.state === 'live'));
}
