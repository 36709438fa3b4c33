import type { AttributeValue, _Record as SdkRecord } from '@aws-sdk/client-dynamodb-streams';
import { LOCAL_REGION } from '../account';

/** A stream record as a function gets it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly Keys?: unknown;
    readonly NewImage?: unknown;
    readonly OldImage?: unknown;
    readonly SizeBytes?: number;
    readonly StreamViewType?: string;
  };
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
  readonly eventSourceARN: string;
}

/** The event form of a record that the SDK read: a date in seconds, binary values in base64. */
export function streamRecord(record: SdkRecord, streamArn: string): StreamRecord {
  const { dynamodb = {} } = record;
  const { type, principalId } = {
    type: record.userIdentity?.Type,
    principalId: record.userIdentity?.PrincipalId,
  };
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: LOCAL_REGION,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(
        (dynamodb.ApproximateCreationDateTime?.getTime() ?? Date.now()) / 1000,
      ),
      ...(dynamodb.Keys === undefined ? {} : { Keys: mapImage(dynamodb.Keys) }),
      ...(dynamodb.NewImage === undefined ? {} : { NewImage: mapImage(dynamodb.NewImage) }),
      ...(dynamodb.OldImage === undefined ? {} : { OldImage: mapImage(dynamodb.OldImage) }),
      SequenceNumber: dynamodb.SequenceNumber ?? '',
      SizeBytes: dynamodb.SizeBytes,
      StreamViewType: dynamodb.StreamViewType,
    },
    ...(type === undefined || principalId === undefined ? {} : { userIdentity: { type, principalId } }),
    eventSourceARN: streamArn,
  };
}

function mapImage(image: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, mapValue(value)]));
}

function mapValue(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: Buffer.from(value.B).toString('base64') };
  if (value.BS !== undefined) return { BS: value.BS.map((bytes) => Buffer.from(bytes).toString('base64')) };
  if (value.L !== undefined) return { L: value.L.map(mapValue) };
  if (value.M !== undefined) return { M: mapImage(value.M) };
  return value;
}
