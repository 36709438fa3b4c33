import { randomUUID } from 'node:crypto';
import { listOf, parseJson, recordOf, stringOf } from '../json';
import type { Service } from './service-request';

/** An event that a function put, as far as the local run passes it on. */
export interface PutEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
}

/**
 * EventBridge's PutEvents: each event is told to `onEvent`, in the order in which they were put. There are no rules.
 */
export const eventsService =
  (onEvent: (event: PutEvent) => void): Service =>
  ({ operation, body }) => {
    if (operation !== 'PutEvents') return undefined;
    const entries = listOf(recordOf(parseJson(body.toString('utf8'))).Entries).map(recordOf);
    for (const entry of entries) {
      onEvent({
        source: stringOf(entry.Source) ?? '',
        detailType: stringOf(entry.DetailType) ?? '',
        detail: stringOf(entry.Detail) ?? '{}',
      });
    }
    return {
      status: 200,
      body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) },
    };
  };
