import { randomUUID } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './account';
import type { LocalStack } from './assembly/cloud-assembly';
import type { AsynchronousInvocations } from './functions/asynchronous';
import type { Functions } from './functions/functions';
import type { LocalFunction } from './functions/local-function';
import { listOf, parseJson, recordOf, stringOf } from './json';
import { LocalError } from './local-error';

/** A function that is invoked in an interval. */
export interface ScheduleDefinition {
  readonly logicalId: string;
  readonly everyMs: number;
  readonly function: LocalFunction;
  readonly event: () => unknown;
}

/**
 * Reads the enabled `AWS::Events::Rule` and `AWS::Scheduler::Schedule` that invoke functions of the stack. @throws
 * LocalError at an expression other than `rate(…)`
 */
export function readSchedules(stack: LocalStack, functions: Functions): ScheduleDefinition[] {
  return stack.ofType('AWS::Events::Rule', 'AWS::Scheduler::Schedule').flatMap((resource) => {
    const expression = stringOf(stack.property(resource, 'ScheduleExpression'));
    if (expression === undefined || stack.property(resource, 'State') === 'DISABLED') return [];
    const targets =
      resource.type === 'AWS::Events::Rule'
        ? listOf(stack.property(resource, 'Targets'))
        : [stack.property(resource, 'Target')];
    return targets.map((value) => {
      const target = recordOf(value);
      const input = stringOf(target.Input);
      return {
        logicalId: resource.logicalId,
        everyMs: rateInMs(expression, resource.logicalId),
        function: functions.find(stringOf(target.Arn) ?? '', `${resource.logicalId}.Targets`),
        event: () =>
          input === undefined ? scheduledEvent(stack.attribute(resource, 'Arn')) : parseJson(input),
      };
    });
  });
}

/** The schedules that run. */
export interface Schedules {
  /** Has every function that is not running run now; resolves when all of them have ended. */
  runNow(): Promise<void>;
  stop(): void;
}

/** Starts the schedules. A run that is still going on is not joined by a second one. */
export function startSchedules(
  schedules: readonly ScheduleDefinition[],
  invocations: Pick<AsynchronousInvocations, 'invoke'>,
): Schedules {
  const running = new Map<ScheduleDefinition, Promise<void>>();
  const start = (schedule: ScheduleDefinition): Promise<void> => {
    const going = running.get(schedule);
    if (going !== undefined) return going;
    const run = invocations
      .invoke(schedule.function, schedule.event())
      .finally(() => running.delete(schedule));
    running.set(schedule, run);
    return run;
  };
  const timers = schedules.map((schedule) => setInterval(() => void start(schedule), schedule.everyMs));
  return {
    async runNow() {
      await Promise.all(schedules.map(start));
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(5 minutes)` -> 300000. */
export function rateInMs(expression: string, where: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const factor = UNITS[unit];
  if (count === undefined || factor === undefined) {
    throw new LocalError(
      `The template's ${where}.ScheduleExpression is "${expression}"; the local run knows rate(…).`,
    );
  }
  // A longer interval than setInterval can count, 24.8 days, is as good as none in a local run.
  return Math.min(Number(count) * factor, 2 ** 31 - 1);
}

const scheduledEvent = (ruleArn: string) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: LOCAL_ACCOUNT,
  time: new Date().toISOString(),
  region: LOCAL_REGION,
  resources: [ruleArn],
  detail: {},
});
