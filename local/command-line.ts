import { parseArgs } from 'node:util';
import { isFolder, readExtensionFolder } from '../src/scim/schema/extensions/folder';
import { ExtensionFault, type ExtensionRegistration } from '../src/scim/schema/extensions/registration';
import { LocalError } from './local-error';
import { isRepository, START, startWith } from './program';
import { DEFAULT_LOCAL_DIRECTORY } from './run-file';

/** What `npm start` was asked to do. */
export interface CommandLine {
  readonly port: number | undefined;
  /** Port of the admin API. */
  readonly adminPort: number | undefined;
  /** Port of the operator's console. */
  readonly consolePort: number | undefined;
  readonly memory: boolean;
  readonly reset: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Extension schemas in place of those of the stack. */
  readonly extensions: readonly ExtensionRegistration[] | undefined;
  /** Where events are posted. */
  readonly eventsUrl: string | undefined;
  /** Where a webhook is told whose access ends or returns. */
  readonly webhookUrl: string | undefined;
  /** A module that is asked about each change, as a policy function. */
  readonly policy: string | undefined;
  /** Whether the stack has a Cognito user pool. */
  readonly cognito: boolean;
  /** Where the pool's calls are sent on to. */
  readonly cognitoEndpoint: string | undefined;
  readonly help: boolean;
}

export const HELP = `Runs the synthesized stack on this machine: gateway, authorizer, functions, streams, and an embedded DynamoDB.

${[
  [START, `http://127.0.0.1:8787, data kept in ${DEFAULT_LOCAL_DIRECTORY}/`],
  [startWith('--port 0'), 'picks a free port'],
  [startWith('--memory'), 'keeps nothing'],
  [startWith('--reset'), 'starts with an empty directory'],
  [startWith('--verbose'), "shows the functions' JSON logs and what the start takes"],
  [startWith('--json'), 'one line of JSON on stdout when ready, everything else on stderr'],
]
  .map(([call = '', meaning]) => `  ${call.padEnd(36)} ${meaning}`)
  .join('\n')}

  --port N    port of the gateway (8787; 0 picks one)
  --admin-port N   port of the admin API (the one behind the gateway's)
  --console-port N   port of the operator's console (the one behind the admin API's)
  --memory    keep the data in a temporary file that is removed at the end
  --reset     remove all kept data first
  --json      print {"baseUrl","tokenUrl","adminUrl","consoleUrl","token","tenant","dynamodb","table",...} on stdout when ready${isRepository ? ' (npm start --silent)' : ''}
  --verbose   show the functions' logs
  --extensions FOLDER   serve the extension schemas of this folder
  --events-url URL   post each event of the directory there, as JSON
  --webhook URL      tell this webhook, signed, whose access ends or returns; http is accepted here
  --policy FILE      ask the function "handler" of this module about each change (docs/policy.md)
  --cognito          run the stack with a Cognito user pool, and tell what is called of it
  --cognito-endpoint URL   send these calls on to something that speaks Cognito's protocol
  --help      this text

  DYNAMODB_ENDPOINT=http://127.0.0.1:8000    uses another DynamoDB engine
  SCIM_LOCAL_DIRECTORY=/some/folder          keeps everything there in place of ${DEFAULT_LOCAL_DIRECTORY}/
`;

/** @throws LocalError naming the option that is wrong */
export function readCommandLine(parameters: readonly string[]): CommandLine {
  const values = parse(parameters);
  if (values.memory === true && values.reset === true) {
    throw new LocalError('--memory and --reset do not go together: --memory begins empty and keeps nothing.');
  }
  return {
    port: readPort('--port', values.port),
    adminPort: readPort('--admin-port', values['admin-port']),
    consolePort: readPort('--console-port', values['console-port']),
    memory: values.memory === true,
    reset: values.reset === true,
    json: values.json === true,
    verbose: values.verbose === true,
    extensions: readExtensions(values.extensions),
    eventsUrl: readUrl('--events-url', values['events-url']),
    webhookUrl: readUrl('--webhook', values.webhook),
    policy: values.policy,
    cognito: values.cognito === true || values['cognito-endpoint'] !== undefined,
    cognitoEndpoint: readUrl('--cognito-endpoint', values['cognito-endpoint']),
    help: values.help === true,
  };
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        port: { type: 'string' },
        'admin-port': { type: 'string' },
        'console-port': { type: 'string' },
        memory: { type: 'boolean' },
        reset: { type: 'boolean' },
        json: { type: 'boolean' },
        verbose: { type: 'boolean' },
        extensions: { type: 'string' },
        'events-url': { type: 'string' },
        webhook: { type: 'string' },
        policy: { type: 'string' },
        cognito: { type: 'boolean' },
        'cognito-endpoint': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LocalError(`${reason.split('. ')[0]}. "${startWith('--help')}" lists the options.`);
  }
}

function readPort(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new LocalError(`${option} is "${text}"; a number from 0 (picks a free one) to 65535 is accepted.`);
  }
  return port;
}

function readUrl(option: string, text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new LocalError(`${option} is "${text}"; a URL such as http://127.0.0.1:3000/events is accepted.`);
}

/** The start checks them as the synth does. */
function readExtensions(folder: string | undefined): ExtensionRegistration[] | undefined {
  if (folder === undefined) return undefined;
  if (!isFolder(folder)) {
    throw new LocalError(
      `--extensions is "${folder}", which is no folder in ${process.cwd()}; a folder of extension schemas is accepted.`,
    );
  }
  try {
    return readExtensionFolder(folder);
  } catch (error) {
    throw error instanceof ExtensionFault ? new LocalError(error.message) : error;
  }
}
