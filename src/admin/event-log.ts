import type { EventLogDays } from '../events/event-log/keep-events';

/** For how many days a stack with some outputs keeps events; undefined when it keeps none. */
export function eventLogOf(outputs: ReadonlyMap<string, string>): EventLogDays | undefined {
  const days = Number(outputs.get('EventLogDays') ?? 0);
  return days > 0 ? { days } : undefined;
}
