import { setTimeout as delay } from 'node:timers/promises';
import { CALL_TIMEOUT_MS } from '../dynamodb-client';
import { classifyFault, retryExhausted } from '../dynamodb-faults';

/** What one call to DynamoDB was and cost, for meters and for tests that stop between calls. */
export interface TableCall {
  readonly operation:
    | 'get'
    | 'batchGet'
    | 'query'
    | 'scan'
    | 'put'
    | 'update'
    | 'delete'
    | 'transact'
    | 'batchWrite';
  readonly readUnits: number;
  readonly writeUnits: number;
  /** When the call was sent and answered, in ms of `performance.now()`. */
  readonly start: number;
  readonly end: number;
}

export interface TableOptions {
  /** Awaited before each attempt of a call: where a test decides which of several concurrent works goes on. */
  readonly beforeCall?: (operation: TableCall['operation']) => Promise<void>;
  /** Called after each answered call. Units are asked for only when this is set, since they cost bytes. */
  readonly onCall?: (call: TableCall) => void;
  /** Time in ms since the epoch after which no further retry is begun. */
  readonly deadline?: number;
}

const DEFAULT_BUDGET_MS = 20_000;
/**
 * One call is tried again for this long at most: a partition that stays throttled longer needs clients to slow down,
 * not requests that wait and occupy a function each.
 */
const MAX_RETRYING_MS = 10_000;
const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 1_000;
/**
 * A call begun just before the deadline may take this much longer; the caller keeps more than that back for its answer.
 */
const GRACE_MS = 1_000;

/** Sends calls, and repeats those that were refused or not answered, with full jitter and within the request's time. */
export class Retrying {
  constructor(private readonly options: TableOptions) {}

  /**
   * @param send one attempt, which must be over after `requestTimeout` ms
   * @param onUncertain called when an attempt ended without anybody knowing whether it was carried out
   * @throws what `Table` throws
   */
  async call<Output extends { ConsumedCapacity?: unknown }>(
    operation: TableCall['operation'],
    send: (http: { requestTimeout: number }) => Promise<Output>,
    onUncertain?: () => void,
  ): Promise<Output> {
    const giveUpAt = this.giveUpAt();
    const stopRetryingAt = Math.min(giveUpAt, Date.now() + MAX_RETRYING_MS);
    for (let attempt = 1; ; attempt++) {
      await this.options.beforeCall?.(operation);
      const start = performance.now();
      try {
        const requestTimeout = Math.min(CALL_TIMEOUT_MS, Math.max(0, giveUpAt - Date.now()) + GRACE_MS);
        const output = await send({ requestTimeout });
        const units = unitsOf(output.ConsumedCapacity, operation);
        this.options.onCall?.({ operation, ...units, start, end: performance.now() });
        return output;
      } catch (error) {
        const fault = classifyFault(error);
        if ('throw' in fault) throw fault.throw;
        if (fault.retry === 'failing') onUncertain?.();
        await this.pause(attempt, fault.retry, stopRetryingAt);
      }
    }
  }

  /** Time in ms since the epoch after which no retry is begun: the request's deadline, or a budget that starts now. */
  giveUpAt(): number {
    return this.options.deadline ?? Date.now() + DEFAULT_BUDGET_MS;
  }

  /** Waits before a further attempt (exponential, full jitter), or gives up when the budget is used up. */
  async pause(attempt: number, fault: 'throttled' | 'failing', giveUpAt: number): Promise<void> {
    const longest = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
    const pauseMs = Math.random() * longest;
    if (Date.now() + pauseMs > giveUpAt) throw retryExhausted(fault);
    await delay(pauseMs);
  }
}

function unitsOf(
  consumed: unknown,
  operation: TableCall['operation'],
): { readUnits: number; writeUnits: number } {
  const parts = (Array.isArray(consumed) ? consumed : [consumed]) as (
    | { CapacityUnits?: number; ReadCapacityUnits?: number; WriteCapacityUnits?: number }
    | undefined
  )[];
  const total = parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
  const isRead = ['get', 'batchGet', 'query', 'scan'].includes(operation);
  return isRead ? { readUnits: total, writeUnits: 0 } : { readUnits: 0, writeUnits: total };
}
