import type { LocalStack } from '../assembly/cloud-assembly';
import type { Functions } from '../functions/functions';
import type { Queues } from '../services/queues';
import { readQueueMappings } from './queue-mapping';
import { workOff } from './work-off';

/**
 * Works the stack's queues off for its event source mappings until it is stopped.
 *
 * @throws LocalError when a mapping names a function that the template does not have
 */
export function startQueueMappings(
  stack: LocalStack,
  functions: Functions,
  queues: Queues,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const workers = readQueueMappings(stack)
    .map((mapping) => ({
      mapping,
      function: functions.find(mapping.functionName, `${mapping.logicalId}.FunctionName`),
    }))
    .map((work) => workOff({ ...work, queues, signal: stopping.signal }));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}
