import { createHash } from 'node:crypto';
import { createLocalJWKSet } from 'jose';
import { issuerKeysKey } from '../directory/table/keys';
import { ConditionFailed, type Table } from '../directory/table/table';
import { KeysUnavailable } from './fetch-keys';
import { type PublicKey, readPublicKeys } from './public-keys';

/** For how long keys are taken as they are: an issuer that withdraws one is believed an hour later. */
const FRESH_MS = 3_600_000;
/** For how long they are taken while the issuer does not answer. */
const MAX_AGE_MS = 24 * 3_600_000;
/** An issuer is asked once in this time at the most, whatever the reason. */
const RETRY_MS = 60_000;
/** Issuers that one instance remembers. */
const MAX_KNOWN = 500;

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** What is known of an issuer's keys. Times in milliseconds since 1970; 0 is never. */
interface Known {
  readonly keys: readonly PublicKey[];
  readonly set: KeySet;
  readonly fetchedAt: number;
  readonly triedAt: number;
}

/** How it is stored; `keys` is JSON. */
type Stored = Partial<Pick<Known, 'fetchedAt' | 'triedAt'> & { readonly keys: string }>;

/**
 * The public keys of issuers by the URL that has them. They are kept in the table, besides this instance: a token is
 * asked for once an hour, by when the instance that fetched the keys may be gone, and an issuer that does not answer
 * then must not keep anybody out. All instances together ask an issuer once a minute at the most.
 */
export class IssuerKeys {
  private readonly known = new Map<string, Known>();

  /** @param fetchKeys gives what an URL answers, as JSON, or throws KeysUnavailable */
  constructor(private readonly fetchKeys: (jwks: string) => Promise<unknown>) {}

  /**
   * The keys of an issuer, among them one with this name if there is one: keys are fetched anew for a name that is not
   * known, since issuers change them unannounced.
   *
   * @throws KeysUnavailable when none can be had
   */
  async find(table: Table, jwks: string, kid: string, now: Date): Promise<KeySet> {
    const at = now.getTime();
    const remembered = this.known.get(jwks);
    if (remembered !== undefined && isFresh(remembered, at) && has(remembered, kid)) return remembered.set;
    const stored = await this.read(table, jwks);
    if (isFresh(stored, at) && has(stored, kid)) return stored.set;
    let problem: string | undefined;
    if (at - stored.triedAt >= RETRY_MS && (await claim(table, jwks, at))) {
      try {
        return (await this.fetch(table, jwks, at)).set;
      } catch (error) {
        if (!(error instanceof KeysUnavailable)) throw error;
        problem = error.message;
      }
    }
    // Somebody else may have fetched them in the meantime.
    const latest = await this.read(table, jwks);
    const isUsable = at - latest.fetchedAt < MAX_AGE_MS;
    if (isUsable && (has(latest, kid) || problem === undefined)) return latest.set;
    throw new KeysUnavailable(problem ?? 'The jwks URL could not be fetched, and is tried once a minute.');
  }

  private async fetch(table: Table, jwks: string, at: number): Promise<Known> {
    const keys = readPublicKeys(await this.fetchKeys(jwks));
    await table.write({
      kind: 'update',
      key: keyOf(jwks),
      update: 'SET #keys = :keys, fetchedAt = :at, expiresAt = :end',
      names: { '#keys': 'keys' },
      values: { ':keys': JSON.stringify(keys), ':at': at, ':end': endOf(at) },
    });
    return this.remember(jwks, { keys, fetchedAt: at, triedAt: at });
  }

  /** What the table knows, strongly consistent: the instance that fetched keys may have done so a moment ago. */
  private async read(table: Table, jwks: string): Promise<Known> {
    const item = await table.get<Stored>(keyOf(jwks));
    const { keys = '[]', fetchedAt = 0, triedAt = 0 } = item ?? {};
    const remembered = this.known.get(jwks);
    if (remembered?.fetchedAt === fetchedAt && remembered.triedAt === triedAt) return remembered;
    return this.remember(jwks, { keys: JSON.parse(keys) as PublicKey[], fetchedAt, triedAt });
  }

  private remember(jwks: string, known: Omit<Known, 'set'>): Known {
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    const remembered = { ...known, set: createLocalJWKSet({ keys: [...known.keys] }) };
    this.known.set(jwks, remembered);
    return remembered;
  }
}

const keyOf = (jwks: string) => issuerKeysKey(createHash('sha256').update(jwks).digest('hex'));

const isFresh = ({ fetchedAt }: Known, at: number): boolean => at - fetchedAt < FRESH_MS;

const has = ({ keys }: Known, kid: string): boolean => keys.some((key) => key.kid === kid);

/** When the item goes, in seconds since 1970: once its keys are worth nothing. */
const endOf = (at: number): number => Math.floor((at + MAX_AGE_MS) / 1000);

/** Whether this is the one that asks the issuer now. */
async function claim(table: Table, jwks: string, at: number): Promise<boolean> {
  try {
    await table.write({
      kind: 'update',
      key: keyOf(jwks),
      update: 'SET triedAt = :at, expiresAt = if_not_exists(expiresAt, :end)',
      values: { ':at': at, ':end': endOf(at), ':before': at - RETRY_MS },
      condition: { expression: 'attribute_not_exists(triedAt) OR triedAt <= :before' },
    });
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
