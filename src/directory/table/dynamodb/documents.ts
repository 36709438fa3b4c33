import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const documentClients = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>();

/**
 * The document client of a client, one for all: making one costs a good part of a call's CPU time, and `Table.with` is
 * called for every request.
 */
export function documentClientOf(client: DynamoDBClient): DynamoDBDocumentClient {
  const made = documentClients.get(client);
  if (made !== undefined) return made;
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  documentClients.set(client, documents);
  return documents;
}
