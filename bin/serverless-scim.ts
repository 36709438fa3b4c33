#!/usr/bin/env node
import { version } from '../package.json';

// The command of the package: `npx serverless-scim <command>`. In the repository, `npm start` and `npm run admin` are
// its commands `start` and `admin`. It only dispatches; what a command needs is loaded when it is called, so that the
// local run does not wait for the SDK's clients, nor the admin commands for the local run.

// The project runs on Node 20; the SDK's advice to newer ones would stand before every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Takes the words behind the command's name. @returns the exit code */
type Run = (words: readonly string[]) => Promise<number>;

const admin: Run = async (words) => (await import('../cli/main')).main(words);

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly run: Run }>> = {
  start: {
    summary: 'run the service on this machine, with an embedded DynamoDB',
    run: async (words) => {
      const [{ start }, { startConsoleOfRun }] = await Promise.all([
        import('../local/start'),
        import('../cli/console/of-local-run'),
      ]);
      return start(words, startConsoleOfRun);
    },
  },
  admin: { summary: 'tenants, tokens, roles, sessions and checks of a deployment', run: admin },
  verify: {
    summary: 'prove a deployment from outside, in a temporary tenant; "admin verify" in short',
    run: (words) => admin(['verify', ...words]),
  },
  console: {
    summary: 'the console in the browser, on this computer, of a deployment; "admin console" in short',
    run: (words) => admin(['console', ...words]),
  },
  help: {
    summary: 'print this, or the help of a command, as in "help admin token"',
    run: ([name, ...words]) => (name === undefined ? print(HELP) : dispatch([name, ...words, '--help'])),
  },
};

const HELP = `Usage: npx serverless-scim <command> [arguments] [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  --help     print this; behind a command, its help
  --version  print the version

Examples:
  npx serverless-scim start --memory --port 0
  npx serverless-scim admin tenant create acme --name "Acme Inc" --stack Scim
  npx serverless-scim admin token create acme --label entra --stack Scim
  npx serverless-scim verify --stack Scim --region eu-central-1 --report verify.md

Exit codes: 0 done, 1 failed or something wrong was found, 2 the command line is wrong.`;

async function dispatch([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') return print(HELP);
  if (name === '--version' || name === '-v') return print(version);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command.run(words);
  const names = Object.keys(COMMANDS).join(', ');
  process.stderr.write(`There is no command ${JSON.stringify(name)}; ${names} are accepted.\nTry --help.\n`);
  return 2;
}

async function print(text: string): Promise<number> {
  process.stdout.write(`${text}\n`);
  return 0;
}

// Not process.exit: what was written to a pipe may not have left yet.
dispatch(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
