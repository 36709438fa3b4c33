import { randomUUID } from 'node:crypto';
import { listOf, parseJson, recordOf, stringOf } from '../json';
import type { Service } from './service-request';

/** EventBridge's PutEvents: each event is told to `onEvent`, and nothing else happens with it. */
export const eventsService =
  (onEvent: (source: string, detailType: string) => void): Service =>
  ({ operation, body }) => {
    if (operation !== 'PutEvents') return undefined;
    const entries = listOf(recordOf(parseJson(body.toString('utf8'))).Entries).map(recordOf);
    for (const entry of entries) onEvent(stringOf(entry.Source) ?? '', stringOf(entry.DetailType) ?? '');
    return {
      status: 200,
      body: { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) },
    };
  };
