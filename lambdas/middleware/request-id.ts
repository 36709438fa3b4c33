import type { APIGatewayProxyEvent } from 'aws-lambda';

/**
 * The id that API Gateway has given a request. Its `requestId` is none: whoever sends the header `x-amzn-RequestId`
 * chooses it, and could give all of their requests one id in the provisioning log, or that of somebody else's.
 */
export const requestIdOf = ({ requestContext }: Pick<APIGatewayProxyEvent, 'requestContext'>): string =>
  requestContext.extendedRequestId ?? requestContext.requestId;
