import { writeFileSync } from 'node:fs';
import { AdminError } from '../src/admin/errors';
import { verify } from '../src/admin/verify/run';
import type { Command } from './command';
import { interruptedBySignals } from './interruption';
import { countsOf, toJson, toMarkdown, toText } from './verify-report';

export const VERIFY: Command = {
  arguments: [],
  summary: 'prove a deployment from outside, in a temporary tenant',
  options: {
    only: { type: 'string', value: 'LIST', help: 'some checks alone, by subject or id, separated by commas' },
    report: { type: 'string', value: 'FILE', help: 'keep the report, in Markdown' },
    throttle: { type: 'boolean', help: 'provoke a 429, on GET /ServiceProviderConfig alone' },
  },
  examples: [
    'verify',
    'verify --stack Scim --region eu-central-1 --report verify.md',
    'verify --stack Scim --only entra,errors.401 --json',
  ],
  async run({ deployment, options, progress }) {
    const keepReport = reportWriter(options.report);
    const interruption = interruptedBySignals();
    try {
      const verification = await verify(deployment, {
        only:
          typeof options.only === 'string' ? options.only.split(',').map((name) => name.trim()) : undefined,
        mayThrottle: options.throttle === true,
        signal: interruption.signal,
        progress,
      });
      keepReport(toMarkdown(verification));
      return {
        json: toJson(verification),
        text: toText(verification),
        exitCode: countsOf(verification.results).failed === 0 ? 0 : 1,
      };
    } finally {
      interruption.end();
    }
  },
};

/** Two minutes are not to be lost to a path that cannot be written. @throws AdminError failed */
function reportWriter(file: string | boolean | undefined): (text: string) => void {
  if (typeof file !== 'string') return () => {};
  const write = (text: string) => {
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new AdminError(
        'failed',
        `The report cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  write('');
  return write;
}
