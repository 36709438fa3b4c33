import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.NOTES;

/** Takes an event `user.data_deletion_due`. It may come twice: removing what is gone does no harm. */
export async function handler({ detail }) {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      KeyConditionExpression: 'userId = :userId',
      ExpressionAttributeValues: { ':userId': detail.data.userId },
      ProjectionExpression: 'userId, noteId',
    },
  );
  for await (const { Items = [] } of pages) {
    for (const Key of Items) await client.send(new DeleteCommand({ TableName, Key }));
  }
}
