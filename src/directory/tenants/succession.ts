/** What an identity provider shows who it is with: a token, or a secret of a client. */
export interface Credential {
  /** What it is for: one of the same label takes its place. */
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** ISO 8601, UTC; exact to five minutes. */
  readonly lastUsedAt?: string;
}

/** How long a credential is accepted beside its successor when nothing else is said. */
export const DEFAULT_OVERLAP_MS = 86_400_000;

/** How it stands with the successor of a credential. */
export type Succession =
  /** No other of its label lives longer. */
  | 'none'
  /** One does, and nothing has come with it: the identity provider was not given it, or has not saved it. */
  | 'unused'
  /** Requests come with both: somebody has tried the successor, and the identity provider goes on with the old one. */
  | 'alsoUsed'
  /** The identity provider has gone over to it. */
  | 'done';

/** As exact as times of use are: what is noted at most every five minutes. */
const USE_IS_EXACT_TO_MS = 300_000;

/**
 * Tells whether another credential has taken the place of one, so that its end harms nobody.
 *
 * @param live the tenant's credentials that are accepted
 * @example successionOf({ label: 'entra', endsAt, lastUsedAt }, live) // 'unused'
 */
export function successionOf(
  { label, endsAt, lastUsedAt }: Credential,
  live: readonly Credential[],
): Succession {
  const successors = live.filter((other) => other.label === label && other.endsAt > endsAt);
  if (successors.length === 0) return 'none';
  const uses = successors.flatMap((successor) => successor.lastUsedAt ?? []).map(Date.parse);
  if (uses.length === 0) return 'unused';
  const isUsed = lastUsedAt !== undefined && Date.parse(lastUsedAt) > Math.max(...uses) - USE_IS_EXACT_TO_MS;
  return isUsed ? 'alsoUsed' : 'done';
}
