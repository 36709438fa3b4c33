import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { takeShortPath } from './dynamodb/short-path';

/** A connection inside a region is there in milliseconds; one that is not is better tried again. */
const CONNECTION_TIMEOUT_MS = 1_000;

/**
 * The longest wait for one answer, and for further bytes of one. The slowest calls this service makes, transactions of
 * 100 writes and pages of 1 MB, take a tenth of it; a connection that hangs must not eat the 29 s that the gateway
 * waits.
 */
export const CALL_TIMEOUT_MS = 5_000;

/**
 * A DynamoDB client for `Table`. It makes one attempt a call: `Table` alone retries, since it knows the request's
 * deadline. With the SDK's own retries as well the attempts would multiply, and nobody would bound their time.
 *
 * With `DYNAMODB_SHORT_PATH=off` in the environment every call goes the SDK's whole way: what on-call switches when a
 * fault may lie there.
 *
 * @param config whatever else the client needs, for instance `endpoint` or `region`
 * @param onShortPathSwitchedOff told when the client has left the short path for good, since DynamoDB refused the form
 *   of
 *   its calls; a warning of the process when absent
 * @example
 * const table = new Table('scim', dynamoDbClient());
 */
export function dynamoDbClient(
  config: DynamoDBClientConfig = {},
  onShortPathSwitchedOff: (refusal: Error) => void = warn,
): DynamoDBClient {
  const client = new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: CALL_TIMEOUT_MS,
      socketTimeout: CALL_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
  if (process.env.DYNAMODB_SHORT_PATH !== 'off') takeShortPath(client, onShortPathSwitchedOff);
  return client;
}

const warn = ({ name, message }: Error): void =>
  process.emitWarning(
    `DynamoDB refused the form of a call (${name}: ${message}); calls go the SDK's whole way from now on.`,
  );
