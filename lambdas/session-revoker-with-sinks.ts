import { queuePublisherFromEnvironment } from './environment';
import { sessionRevoker } from './middleware/session-revoker';

/** Removes the sessions of users whose access was taken away, and tells the stack's other stores of sessions. */
export const handler = sessionRevoker(queuePublisherFromEnvironment());
