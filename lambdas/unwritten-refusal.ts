import { Logger } from '@aws-lambda-powertools/logger';
import { countedAs } from './counted-line';

/**
 * Says that a refusal is missing in the provisioning log, since it could not be written in the time that an answer
 * waits for it. An error, so that no log level leaves the metric out.
 */
export function reportUnwrittenRefusal(error: unknown, about: Readonly<Record<string, string>>): void {
  new Logger().error('a refusal was not put into the provisioning log', {
    ...about,
    error: String(error),
    ...countedAs('RefusalsUnwritten'),
  });
}
