import { namingFromEnvironment, queuePublisherFromEnvironment } from './environment';
import { revocationSweep } from './middleware/revocation-sweep';

/** Works off the revocations that the stream missed, and tells the stack's other stores of sessions. */
export const handler = revocationSweep({
  publishAccess: queuePublisherFromEnvironment(),
  naming: namingFromEnvironment(),
});
