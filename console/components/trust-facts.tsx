import { RelativeTime } from './relative-time';
import type { TrustValues } from './trust-fields';

/** Whom a client trusts, as it is told. */
export interface ShownTrust extends TrustValues {
  readonly createdAt: string;
  readonly lastUsedAt?: string;
}

/** Since when something is trusted, and whether it has been used. */
export const TrustUse = ({ trust: { createdAt, lastUsedAt } }: { readonly trust: ShownTrust }) => (
  <p>
    Trusted since <RelativeTime at={createdAt} />
    {lastUsedAt === undefined ? (
      ', and not used yet.'
    ) : (
      <>
        , last used <RelativeTime at={lastUsedAt} />.
      </>
    )}
  </p>
);

/** The values by which an issuer is trusted, of which client. */
export const TrustFacts = ({
  clientId,
  trust,
}: {
  readonly clientId: string;
  readonly trust: TrustValues;
}) => (
  <dl class="facts">
    <dt>Client id</dt>
    <dd>
      <code>{clientId}</code>
    </dd>
    <dt>Issuer</dt>
    <dd>{trust.issuer}</dd>
    <dt>JWKS URL</dt>
    <dd>{trust.jwks}</dd>
    <dt>Subject</dt>
    <dd>{trust.subject}</dd>
    <dt>Audience</dt>
    <dd>{trust.audience}</dd>
  </dl>
);
