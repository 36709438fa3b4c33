import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { ServiceConfig } from './service-config';

/**
 * Name of the one sparse index, over the attributes `g1` and `pk`: memberships by member, tokens by tenant, tenants,
 * and pending revocations (docs/architecture.md). It is not just `g1` because DynamoDB wants at least three
 * characters.
 */
export const INDEX_NAME = 'g1-pk';

/**
 * The single table: strings `pk` and `sk`, the index `g1`, on-demand, with a stream of both images and TTL in
 * `expiresAt`. Or one of that form that exists, retained by another stack or restored from a backup: what that is like
 * is left to whoever made it (docs/restore.md).
 */
export class ScimTable extends Construct {
  readonly table: ITable;

  constructor(
    scope: Construct,
    id: string,
    config: Pick<ServiceConfig, 'table' | 'isRetained' | 'encryption' | 'encryptionKey'>,
  ) {
    super(scope, id);
    this.table = config.table ?? this.make(config);
  }

  private make({
    isRetained,
    encryption,
    encryptionKey,
  }: Pick<ServiceConfig, 'isRetained' | 'encryption' | 'encryptionKey'>): ITable {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Consumers compare both images: a put that changes nothing is a MODIFY record too.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption,
      encryptionKey,
      deletionProtection: isRetained,
      removalPolicy: isRetained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({
      indexName: INDEX_NAME,
      partitionKey: { name: 'g1', type: AttributeType.STRING },
      sortKey: { name: 'pk', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return table;
  }
}
