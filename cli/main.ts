import { parseArgs } from 'node:util';
import type { Deployment } from '../src/admin/deployment';
import { AdminError, DirectoryError } from '../src/admin/errors';
import { CHECK } from './check';
import { CLIENT } from './client';
import { type Command, type CommandGroup, type Streamed, UsageError } from './command';
import { CONSOLE } from './console/command';
import { DEAD_LETTER } from './dead-letter';
import { EVENTS } from './events';
import { EXPORT } from './export';
import { GROUP } from './group';
import { argumentsText, commandHelp, groupHelp, programHelp } from './help';
import { IMPORT } from './import';
import { LOG } from './log';
import { METRICS } from './metrics';
import { RESTORE } from './restore';
import { ROLE } from './role';
import { SESSION } from './session';
import { SETUP_LINK } from './setup-link';
import { terminalText } from './table-text';
import { findTarget, TARGET_OPTIONS, type TargetChoice } from './target';
import { TENANT } from './tenant';
import { TOKEN } from './token';
import { UNDO } from './undo';
import { USER } from './user';
import { VERIFY } from './verify';

const GROUPS: Readonly<Record<string, CommandGroup>> = {
  tenant: TENANT,
  token: TOKEN,
  client: CLIENT,
  'setup-link': SETUP_LINK,
  user: USER,
  group: GROUP,
  session: SESSION,
  'dead-letter': DEAD_LETTER,
  role: ROLE,
  restore: RESTORE,
};

/** Commands without a group. */
const COMMANDS: Readonly<Record<string, Command>> = {
  log: LOG,
  events: EVENTS,
  metrics: METRICS,
  undo: UNDO,
  import: IMPORT,
  export: EXPORT,
  check: CHECK,
  verify: VERIFY,
  console: CONSOLE,
};

/** Every command by its words, as in `token create`. */
export const COMMAND_NAMES: readonly string[] = [
  ...Object.entries(GROUPS).flatMap(([group, { commands }]) =>
    Object.keys(commands).map((verb) => `${group} ${verb}`),
  ),
  ...Object.keys(COMMANDS),
];

/** Where the program writes; what tests replace. */
export interface Terminal {
  /** A promise is awaited before more is printed, so that a slow reader of a long list does not fill the memory. */
  out(text: string): unknown;
  error(text: string): void;
  findTarget(choice: TargetChoice): Promise<Deployment>;
}

const TERMINAL: Terminal = {
  out: (text) => print(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  findTarget: (choice) => findTarget(choice),
};

/** Done when the reader has taken it. One that wants no more, as `head`, ends the program without a complaint. */
const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === undefined || error === null) resolve();
      else if ('code' in error && error.code === 'EPIPE') process.exit(0);
      else reject(error);
    });
  });

/**
 * Runs one command line.
 *
 * @param words what follows `serverless-scim admin` or `npm run admin --`
 * @returns the exit code: 0 done, 1 failed or something wrong was found, 2 the command line is wrong
 * @example
 * await main(['tenant', 'list', '--json']);
 */
export async function main(words: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  try {
    const found = await answer(words, terminal);
    if ('lines' in found) {
      const isVerbatim = found.isData === true && process.stdout.isTTY !== true;
      for await (const line of found.lines) await terminal.out(isVerbatim ? line : terminalText(line));
      return 0;
    }
    await terminal.out(terminalText(found.text));
    return found.exitCode;
  } catch (error) {
    if (isWrongUsage(error)) {
      terminal.error(terminalText(`${error.message}\nTry --help.`));
      return 2;
    }
    terminal.error(terminalText(messageOf(error)));
    return 1;
  }
}

/** What is printed on the standard output. */
interface Answer {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const help = (text: string): Answer => ({ text, exitCode: 0 });

async function answer(words: readonly string[], terminal: Terminal): Promise<Answer | Streamed> {
  const [groupName, verb] = words;
  if (groupName === undefined || isHelp(groupName)) return help(programHelp(GROUPS, COMMANDS));
  const alone = own(COMMANDS, groupName);
  if (alone !== undefined) return run(groupName, alone, words.slice(1), terminal);
  const group = own(GROUPS, groupName);
  if (group === undefined) {
    throw new UsageError(
      `There is no command "${groupName}"; ${Object.keys({ ...GROUPS, ...COMMANDS }).join(', ')} are accepted.`,
    );
  }
  if (verb === undefined || isHelp(verb)) return help(groupHelp(groupName, group));
  const command = own(group.commands, verb);
  if (command === undefined) {
    const verbs = Object.keys(group.commands).join(', ');
    throw new UsageError(`There is no command "${groupName} ${verb}"; ${verbs} are accepted.`);
  }
  return run(`${groupName} ${verb}`, command, words.slice(2), terminal);
}

async function run(
  name: string,
  command: Command,
  words: readonly string[],
  terminal: Terminal,
): Promise<Answer | Streamed> {
  const { values, positionals } = parse(command, words);
  if (values.help === true) return help(commandHelp(name, command));
  const fewest = command.arguments.filter((argument) => !argument.startsWith('[')).length;
  const most = command.arguments.at(-1)?.endsWith('...')
    ? Number.POSITIVE_INFINITY
    : command.arguments.length;
  if (positionals.length < fewest || positionals.length > most) {
    const wanted = argumentsText(command);
    throw new UsageError(`"${name}" takes ${wanted === '' ? 'no arguments' : wanted}.`);
  }
  const deployment = await terminal.findTarget(
    Object.fromEntries(Object.keys(TARGET_OPTIONS).map((option) => [option, values[option]])),
  );
  const progress = (text: string) => terminal.error(terminalText(text));
  const report = await command.run({ deployment, arguments: positionals, options: values, progress });
  if ('lines' in report) return report;
  const text = values.json === true ? JSON.stringify(report.json, undefined, 2) : report.text;
  return { text, exitCode: report.exitCode ?? 0 };
}

function parse(command: Command, words: readonly string[]) {
  const flags = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const options = Object.fromEntries(
    Object.entries({ ...TARGET_OPTIONS, ...command.options }).map(([name, { type }]) => [name, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...options, ...flags },
      allowPositionals: true,
    });
    const read: Record<string, string | boolean | undefined> = { ...values };
    return { values: read, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h' || word === 'help';

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const isWrongUsage = (error: unknown): error is Error =>
  error instanceof UsageError || (error instanceof AdminError && error.code === 'invalidInput');

function messageOf(error: unknown): string {
  if (error instanceof AdminError || error instanceof DirectoryError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
