import { noPublisherFromEnvironment } from './environment';
import { revocationSweep } from './middleware/revocation-sweep';

/** Works off the revocations that the stream missed, in a stack without other stores of sessions. */
export const handler = revocationSweep({
  publishAccess: noPublisherFromEnvironment(),
  naming: { source: 'id' },
});
