import { RelativeTime } from '../components/relative-time';
import type { Trust } from './trust';

/** Since when something is trusted, and whether it has been used. */
export const TrustUse = ({ trust: { createdAt, lastUsedAt } }: { readonly trust: Trust }) => (
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
