import type { Interceptor } from '../../memory-dynamodb/client';

/** What happens at one call to DynamoDB. */
export const FAULTS = [
  'dies before',
  'dies after',
  'error before',
  'answer lost',
  'network error before',
  'network answer lost',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Those that differ the most, for operations that take long to check. */
export const TELLING_FAULTS: readonly Fault[] = ['dies before', 'dies after', 'network answer lost'];

/** Faults that `Table` gets over by itself: the operation must succeed without the client noticing. */
export const isRetried = (fault: Fault): boolean => fault.startsWith('network');

/** The error that the faulty call ends with; not one that anything in the service knows how to handle. */
export class Crash extends Error {
  constructor() {
    super('The process died, or DynamoDB failed for good.');
    this.name = 'Crash';
  }
}

/**
 * Lets calls through until the `point`-th, which fails. A process that dies makes no further call, whatever its code
 * does with the error.
 *
 * @returns the interceptor, and whether the point was reached
 */
export function faultAt(point: number, fault: Fault): { intercept: Interceptor; reached: () => boolean } {
  let calls = 0;
  const intercept: Interceptor = async (_, answer) => {
    calls += 1;
    if (calls > point && fault.startsWith('dies')) throw new Crash();
    if (calls !== point) return answer();
    if (fault === 'dies after' || fault === 'answer lost' || fault === 'network answer lost') await answer();
    throw isRetried(fault) ? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) : new Crash();
  };
  return { intercept, reached: () => calls >= point };
}
