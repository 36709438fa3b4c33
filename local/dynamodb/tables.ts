import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceInUseException,
  ResourceNotFoundException,
  type StreamViewType,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { LocalStack } from '../assembly/cloud-assembly';
import { booleanOf, listOf, recordOf, stringOf } from '../json';

/** A table of the stack as it is in the engine. */
export interface LocalTable {
  readonly logicalId: string;
  readonly name: string;
  /** Names of the key attributes. */
  readonly keys: readonly string[];
  /** The attribute that holds when an item expires, in seconds since 1970. */
  readonly ttlAttribute: string | undefined;
  /** The ARN that the template's `StreamArn` stands for. */
  readonly templateStreamArn: string | undefined;
  /** The stream's ARN in the engine. */
  readonly streamArn: string | undefined;
}

/** Creates the template's tables that the engine does not have yet: keys, global indexes, stream and TTL. */
export async function createTables(stack: LocalStack, client: DynamoDBClient): Promise<LocalTable[]> {
  const resources = stack.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  return Promise.all(
    resources.map(async (resource) => {
      const property = (name: string) => stack.property(resource, name);
      const name = stack.ref(resource);
      const viewType = stringOf(recordOf(property('StreamSpecification')).StreamViewType);
      const ttl = recordOf(property('TimeToLiveSpecification'));
      const ttlAttribute = booleanOf(ttl.Enabled) === true ? stringOf(ttl.AttributeName) : undefined;
      const streamArn =
        (await existingStream(client, name)) ??
        (await createTable(client, name, {
          attributes: listOf(property('AttributeDefinitions')).map(attributeDefinition),
          keys: listOf(property('KeySchema')).map(keySchemaElement),
          indexes: listOf(property('GlobalSecondaryIndexes')).map(secondaryIndex),
          viewType,
          ttlAttribute,
        }));
      return {
        logicalId: resource.logicalId,
        name,
        keys: listOf(property('KeySchema')).map((key) => stringOf(recordOf(key).AttributeName) ?? ''),
        ttlAttribute,
        templateStreamArn: viewType === undefined ? undefined : stack.attribute(resource, 'StreamArn'),
        streamArn: streamArn === '' ? undefined : streamArn,
      };
    }),
  );
}

/** The stream's ARN of a table that exists (empty without a stream); undefined when there is no such table. */
async function existingStream(client: DynamoDBClient, name: string): Promise<string | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table?.LatestStreamArn ?? '';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

interface TableShape {
  readonly attributes: AttributeDefinition[];
  readonly keys: KeySchemaElement[];
  readonly indexes: GlobalSecondaryIndex[];
  readonly viewType: string | undefined;
  readonly ttlAttribute: string | undefined;
}

async function createTable(client: DynamoDBClient, name: string, shape: TableShape): Promise<string> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: shape.attributes,
        KeySchema: shape.keys,
        GlobalSecondaryIndexes: shape.indexes.length > 0 ? shape.indexes : undefined,
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification:
          shape.viewType === undefined
            ? undefined
            : { StreamEnabled: true, StreamViewType: shape.viewType as StreamViewType },
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  if (shape.ttlAttribute !== undefined) {
    const specification = { Enabled: true, AttributeName: shape.ttlAttribute };
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }),
    );
  }
  return (await existingStream(client, name)) ?? '';
}

function attributeDefinition(value: unknown): AttributeDefinition {
  const { AttributeName, AttributeType } = recordOf(value);
  return {
    AttributeName: stringOf(AttributeName),
    AttributeType: AttributeType === 'N' ? 'N' : AttributeType === 'B' ? 'B' : 'S',
  };
}

function keySchemaElement(value: unknown): KeySchemaElement {
  const { AttributeName, KeyType } = recordOf(value);
  return { AttributeName: stringOf(AttributeName), KeyType: KeyType === 'RANGE' ? 'RANGE' : 'HASH' };
}

function secondaryIndex(value: unknown): GlobalSecondaryIndex {
  const { IndexName, KeySchema, Projection } = recordOf(value);
  const projection = recordOf(Projection);
  const type = projection.ProjectionType;
  const others = listOf(projection.NonKeyAttributes).map(String);
  return {
    IndexName: stringOf(IndexName),
    KeySchema: listOf(KeySchema).map(keySchemaElement),
    Projection: {
      ProjectionType: type === 'KEYS_ONLY' || type === 'INCLUDE' ? type : 'ALL',
      ...(others.length > 0 ? { NonKeyAttributes: others } : {}),
    },
  };
}
