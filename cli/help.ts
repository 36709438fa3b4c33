import { ADMIN, START } from '../local/program';
import type { Command, CommandGroup, CommandOption } from './command';
import { TARGET_OPTIONS } from './target';

const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  ...TARGET_OPTIONS,
  json: { type: 'boolean', help: 'print JSON' },
  help: { type: 'boolean', help: 'print this' },
};

/** Help of the whole program. */
export function programHelp(
  groups: Readonly<Record<string, CommandGroup>>,
  commands: Readonly<Record<string, Command>>,
): string {
  const lines = Object.entries(groups).flatMap(([group, { summary, commands }]) => [
    '',
    `${group}: ${summary}`,
    ...commandLines(group, commands),
  ]);
  return [
    `Usage: ${ADMIN} <group> <command> [arguments] [options]`,
    ...lines,
    '',
    ...Object.entries(commands).map(([name, command]) => commandLine(name, command)),
    '',
    ...targetHelp(),
    '',
    ...exampleLines(['tenant create acme --name "Acme Inc"', 'token create acme --label entra']),
  ].join('\n');
}

/** Help of a group, as in `token --help`. */
export function groupHelp(group: string, { summary, commands }: CommandGroup): string {
  const examples = Object.values(commands).flatMap((command) => command.examples.slice(0, 1));
  return [
    `Usage: ${ADMIN} ${group} <command> [arguments] [options]`,
    '',
    `${group}: ${summary}`,
    ...commandLines(group, commands),
    '',
    ...exampleLines(examples),
  ].join('\n');
}

/** Help of one command. */
export function commandHelp(name: string, command: Command): string {
  return [
    `Usage: ${ADMIN} ${usageOf(name, command)} [options]`,
    '',
    `${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`,
    '',
    'Options:',
    ...optionLines({ ...command.options, ...COMMON_OPTIONS }),
    '',
    ...targetHelp(),
    '',
    ...exampleLines(command.examples),
  ].join('\n');
}

/** What a command takes, as in `<tenant> <user>`; what may be left out is in square brackets. */
export const argumentsText = (command: Command): string =>
  command.arguments.map((argument) => (argument.startsWith('[') ? argument : `<${argument}>`)).join(' ');

const usageOf = (name: string, command: Command): string => [name, argumentsText(command)].join(' ').trim();

const commandLine = (name: string, command: Command): string =>
  `  ${usageOf(name, command).padEnd(34)} ${command.summary}`;

const commandLines = (group: string, commands: Readonly<Record<string, Command>>): string[] =>
  Object.entries(commands).map(([verb, command]) => commandLine(`${group} ${verb}`, command));

const optionLines = (options: Readonly<Record<string, CommandOption>>): string[] =>
  Object.entries(options).map(
    ([name, { value, help }]) =>
      `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(20)} ${help}`,
  );

const targetHelp = (): string[] => [
  `Works on the running local run (${START}), or on --stack NAME [--region REGION], or on --endpoint URL --table NAME.`,
];

const exampleLines = (examples: readonly string[]): string[] => [
  'Examples:',
  ...examples.map((example) => `  ${ADMIN} ${example}`),
];
