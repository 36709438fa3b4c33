import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingError } from './settings';

/**
 * The context that the CDK CLI would hand over, for a synth without it: that of cdk.json, then `-c name=value` or
 * `--context name=value` arguments. Empty when the CLI runs the app, because the CLI has done so already.
 *
 * @throws SettingError for an argument of another form
 * @example contextWithoutCli(process.env, ['-c', 'production=false']) // { production: 'false' } and what cdk.json has
 */
export function contextWithoutCli(
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Record<string, unknown> {
  if (environment.CDK_CONTEXT_JSON !== undefined) return {};
  return { ...contextOfFile(), ...contextOfArguments(args) };
}

function contextOfFile(): Record<string, unknown> {
  const file: unknown = JSON.parse(readFileSync(join(__dirname, '../cdk.json'), 'utf8'));
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  return isObject(file) && isObject(file.context) ? file.context : {};
}

function contextOfArguments(args: readonly string[]): Record<string, string> {
  const context: Record<string, string> = {};
  for (let position = 0; position < args.length; position += 2) {
    const assignment = args[position + 1] ?? '';
    const equals = assignment.indexOf('=');
    if (!['-c', '--context'].includes(args[position] ?? '') || equals < 1) {
      throw new SettingError(
        `The argument "${args.slice(position, position + 2).join(' ')}" is not understood; "-c name=value" is accepted.`,
      );
    }
    context[assignment.slice(0, equals)] = assignment.slice(equals + 1);
  }
  return context;
}
