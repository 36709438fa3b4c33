import type { ItemKey } from '../directory/table/keys';

/** An attribute value as the stream carries it; the service writes no other types where events look. */
export interface StreamValue {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly L?: readonly StreamValue[];
  readonly M?: Readonly<Record<string, StreamValue>>;
}

/** An item as the stream carries it. */
export type StreamImage = Readonly<Record<string, StreamValue>>;

/** One change of an item: what it was and what it is. */
export interface StreamChange {
  readonly key: ItemKey;
  readonly before: StreamImage | undefined;
  readonly after: StreamImage | undefined;
  readonly sequence: string;
  readonly at: Date;
}

/** A record of a DynamoDB stream with both images, as far as it is read. */
export interface StreamRecord {
  readonly dynamodb?: {
    readonly Keys?: StreamImage;
    readonly OldImage?: StreamImage;
    readonly NewImage?: StreamImage;
    readonly SequenceNumber?: string;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime?: number;
  };
}

/** Reads a stream record; undefined when it has no key of this table's form. */
export function readChange({ dynamodb }: StreamRecord): StreamChange | undefined {
  const [pk, sk] = [dynamodb?.Keys?.pk?.S, dynamodb?.Keys?.sk?.S];
  if (dynamodb === undefined || pk === undefined || sk === undefined) return undefined;
  return {
    key: { pk, sk },
    before: dynamodb.OldImage,
    after: dynamodb.NewImage,
    sequence: dynamodb.SequenceNumber ?? '',
    at: new Date((dynamodb.ApproximateCreationDateTime ?? 0) * 1000),
  };
}

/** A number attribute of an image. */
export function numberIn(image: StreamImage | undefined, name: string): number | undefined {
  const text = image?.[name]?.N;
  return text === undefined ? undefined : Number(text);
}
