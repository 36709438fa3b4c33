import { Logger } from '@aws-lambda-powertools/logger';
import { bulkEndpoint } from '../src/endpoints/scim/bulk';
import { tableFromEnvironment } from './environment';
import { directoryEndpoint } from './middleware/scim-endpoint';
import { errorResponse } from './middleware/scim-errors';
import { stagedRegistry } from './staged-registry';

const logger = new Logger();

/** `/Bulk`. */
export const handler = directoryEndpoint(tableFromEnvironment(), stagedRegistry(), (directory, request) =>
  bulkEndpoint(directory, request, (error) => errorResponse(error, logger)),
);
