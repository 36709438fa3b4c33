import { noPublisherFromEnvironment } from './environment';
import { sessionRevoker } from './middleware/session-revoker';

/** Removes the sessions of users whose access was taken away, in a stack without other stores of sessions. */
export const handler = sessionRevoker(noPublisherFromEnvironment());
