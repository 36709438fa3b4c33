import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { sweepCleanups } from '../src/directory/pending/cleanup-sweep';
import { PendingRotation } from '../src/directory/pending/pending-sweep';
import { serviceOrigin } from '../src/directory/resources/origin';
import { tableFromEnvironment } from './environment';

/** Time kept back for the log. */
const RESERVE_MS = 3_000;

const table = tableFromEnvironment();
const rotation = new PendingRotation();
const logger = new Logger();

/** Runs every minute: the second cleanup after each deletion, and whatever the cleaner has missed. */
export const handler = async (_event: unknown, context: Context): Promise<void> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
  const swept = await sweepCleanups(table.with({ deadline }), {
    deadline,
    rotation,
    origin: serviceOrigin(context.awsRequestId),
    onFailure: (resourceId, error) => logger.error('a cleanup failed', { resourceId, error: String(error) }),
  });
  if (swept.cleanups + swept.changes > 0 || !swept.isComplete) logger.info('cleaned up', { ...swept });
};
