import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ScimStackProps } from './settings';

const ENCRYPTION: Readonly<Record<ScimStackProps['tableEncryption'], TableEncryption>> = {
  'aws-owned': TableEncryption.DEFAULT,
  'aws-managed': TableEncryption.AWS_MANAGED,
  'customer-managed': TableEncryption.CUSTOMER_MANAGED,
};

/**
 * Name of the one sparse index, over the attributes `g1` and `pk`: memberships by member, tokens by tenant, tenants,
 * and pending revocations (docs/architecture.md). It is not just `g1` because DynamoDB wants at least three
 * characters.
 */
export const INDEX_NAME = 'g1-pk';

/**
 * The single table: strings `pk` and `sk`, the index `g1`, on-demand, with a stream of both images and TTL in
 * `expiresAt`. Or one of that form that exists, retained by another stack or restored from a backup: then the stack
 * knows it by its names alone, and what it is like is left to whoever made it (docs/deploy.md).
 */
export class ScimTable extends Construct {
  readonly table: ITable;

  constructor(
    scope: Construct,
    id: string,
    settings: Pick<ScimStackProps, 'production' | 'tableEncryption' | 'tableStreamArn' | 'tableKeyArn'>,
  ) {
    super(scope, id);
    const { tableStreamArn } = settings;
    this.table = tableStreamArn === undefined ? this.make(settings) : this.takeUp(tableStreamArn, settings);
  }

  private takeUp(tableStreamArn: string, { tableKeyArn }: Pick<ScimStackProps, 'tableKeyArn'>): ITable {
    return Table.fromTableAttributes(this, 'Existing', {
      tableArn: tableStreamArn.replace(/\/stream\/.*$/, ''),
      tableStreamArn,
      globalIndexes: [INDEX_NAME],
      encryptionKey: tableKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', tableKeyArn),
    });
  }

  private make(settings: Pick<ScimStackProps, 'production' | 'tableEncryption'>): ITable {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Consumers compare both images: a put that changes nothing is a MODIFY record too.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: ENCRYPTION[settings.tableEncryption],
      deletionProtection: settings.production,
      removalPolicy: settings.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
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
