import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { ScimEvent } from './event';

/** `source` of every event on the bus. */
const EVENT_SOURCE = 'serverless-scim';
const MAX_ENTRIES_IN_A_CALL = 10;
/** EventBridge takes 256 kB a call, counted over all entries. */
const MAX_BYTES_IN_A_CALL = 240_000;

/**
 * Puts events on a bus, in order, and stops at the first that is not accepted: what comes after it is told after it.
 *
 * @returns how many were accepted from the first one on
 * @throws what the client throws when a call fails as a whole and none was accepted
 */
export async function publishInOrder(
  client: Pick<EventBridgeClient, 'send'>,
  bus: string,
  events: readonly ScimEvent[],
): Promise<number> {
  const entries = events.map((event) => entryOf(bus, event));
  let accepted = 0;
  for (const batch of batches(entries)) {
    let failed: number;
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch }));
      failed = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    } catch (error) {
      if (accepted === 0) throw error;
      return accepted;
    }
    if (failed >= 0) return accepted + failed;
    accepted += batch.length;
  }
  return accepted;
}

function entryOf(bus: string, event: ScimEvent): PutEventsRequestEntry {
  const entry = {
    EventBusName: bus,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: JSON.stringify(event),
  };
  if (Buffer.byteLength(entry.Detail) <= MAX_BYTES_IN_A_CALL) return entry;
  // A user of 400 kB: its attributes do not fit into an event, its ids do.
  const { attributes: _tooLarge, ...data } = event.data;
  return { ...entry, Detail: JSON.stringify({ ...event, data }) };
}

function* batches(entries: readonly PutEventsRequestEntry[]): Generator<PutEventsRequestEntry[]> {
  let batch: PutEventsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail ?? '') + 200;
    if (batch.length === MAX_ENTRIES_IN_A_CALL || (batch.length > 0 && bytes + size > MAX_BYTES_IN_A_CALL)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
