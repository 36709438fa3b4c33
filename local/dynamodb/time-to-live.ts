import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { LocalTable } from './tables';

/** DynamoDB removes expired items within some days; a local run is about to be looked at sooner. */
const EVERY_MS = 3_600_000;

/** DynamoDB's TTL, which the engine declares and does not carry out. */
export interface TimeToLive {
  /** Removes what is past its time now. @returns the number of items removed */
  removeExpired(): Promise<number>;
  stop(): void;
}

/** Removes, every hour, the items whose TTL attribute is past; the stream tells it as it would in AWS. */
export function startTimeToLive(
  client: DynamoDBClient,
  tables: readonly LocalTable[],
  onWarning: (text: string) => void,
): TimeToLive {
  const removeExpired = async () => {
    let removed = 0;
    for (const table of tables) removed += await removeFrom(client, table);
    return removed;
  };
  const timer = setInterval(() => {
    removeExpired().catch((error: unknown) => onWarning(`expired items were not removed: ${String(error)}`));
  }, EVERY_MS);
  return { removeExpired, stop: () => clearInterval(timer) };
}

async function removeFrom(client: DynamoDBClient, { name, keys, ttlAttribute }: LocalTable): Promise<number> {
  if (ttlAttribute === undefined) return 0;
  const expired = {
    names: { '#ttl': ttlAttribute },
    values: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
  };
  let removed = 0;
  let after: Record<string, never> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        FilterExpression: '#ttl < :now',
        ExpressionAttributeNames: expired.names,
        ExpressionAttributeValues: expired.values,
        ExclusiveStartKey: after,
      }),
    );
    for (const item of page.Items ?? []) {
      const key = Object.fromEntries(Object.entries(item).filter(([attribute]) => keys.includes(attribute)));
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: name,
            Key: key,
            // It may have been given a later time meanwhile.
            ConditionExpression: '#ttl < :now',
            ExpressionAttributeNames: expired.names,
            ExpressionAttributeValues: expired.values,
          }),
        );
        removed++;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
    after = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (after !== undefined);
  return removed;
}
