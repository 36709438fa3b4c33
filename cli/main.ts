import { parseArgs } from 'node:util';
import { ScimError } from '../scim/errors';
import { type Command, CommandFailed, type CommandGroup, type Target, UsageError } from './command';
import { commandHelp, groupHelp, programHelp } from './help';
import { ROLE } from './role';
import { SESSION } from './session';
import { findTarget, TARGET_OPTIONS, type TargetChoice } from './target';
import { TENANT } from './tenant';
import { TOKEN } from './token';

const GROUPS: Readonly<Record<string, CommandGroup>> = { tenant: TENANT, token: TOKEN, session: SESSION, role: ROLE };

/** Where the program writes; what tests replace. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  findTarget(choice: TargetChoice): Promise<Target>;
}

const TERMINAL: Terminal = {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  findTarget: (choice) => findTarget(choice),
};

/**
 * Runs one command line.
 *
 * @param words what follows `npm run admin --`
 * @returns the exit code: 0 done, 1 failed, 2 the command line is wrong
 * @example
 * await main(['tenant', 'list', '--json']);
 */
export async function main(words: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  try {
    terminal.out(await answer(words, terminal));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.error(`${error.message}\nTry --help.`);
      return 2;
    }
    terminal.error(messageOf(error));
    return 1;
  }
}

async function answer(words: readonly string[], terminal: Terminal): Promise<string> {
  const [groupName, verb] = words;
  if (groupName === undefined || isHelp(groupName)) return programHelp(GROUPS);
  const group = own(GROUPS, groupName);
  if (group === undefined) {
    throw new UsageError(
      `There is no command "${groupName}"; ${Object.keys(GROUPS).join(', ')} are accepted.`,
    );
  }
  if (verb === undefined || isHelp(verb)) return groupHelp(groupName, group);
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
): Promise<string> {
  const { values, positionals } = parse(command, words);
  if (values.help === true) return commandHelp(name, command);
  if (positionals.length !== command.arguments.length) {
    const wanted = command.arguments.map((argument) => `<${argument}>`).join(' ');
    throw new UsageError(`"${name}" takes ${wanted === '' ? 'no arguments' : wanted}.`);
  }
  const target = await terminal.findTarget(
    Object.fromEntries(Object.keys(TARGET_OPTIONS).map((option) => [option, values[option]])),
  );
  const report = await command.run({ target, arguments: positionals, options: values });
  return values.json === true ? JSON.stringify(report.json, undefined, 2) : report.text;
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

function messageOf(error: unknown): string {
  if (error instanceof ScimError) return error.detail;
  if (error instanceof CommandFailed) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
