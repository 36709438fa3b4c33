import { marshall } from '@aws-sdk/util-dynamodb';
import type { StreamChange, StreamImage } from '../../../src/events/stream-change';
import type { MemoryStore } from '../../memory-dynamodb/store';

/** The records that the stream of a table in memory has, as long as it is listened to. */
export function streamOf(store: MemoryStore): StreamChange[] {
  const changes: StreamChange[] = [];
  let sequence = 0;
  const image = (item: Record<string, unknown> | undefined) =>
    item === undefined
      ? undefined
      : (marshall(item, { removeUndefinedValues: true }) as unknown as StreamImage);
  store.onCommit = (commits) => {
    for (const { key, before, after } of commits) {
      changes.push({
        key: { pk: key.pk, sk: key.sk },
        before: image(before),
        after: image(after),
        sequence: String(++sequence),
        // To the second, as DynamoDB tells it.
        at: new Date(Math.floor(store.now() / 1000) * 1000),
      });
    }
  };
  return changes;
}
