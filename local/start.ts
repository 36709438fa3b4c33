import type { ExtensionRegistration } from '../src/scim/schema/extensions/registration';
import { type CommandLine, HELP, readCommandLine } from './command-line';
import { LocalError } from './local-error';
import { type LocalRun, startLocal } from './run';
import { LOCAL_DIRECTORY, makeLocalDirectory, removeRunFile, writeRunFile } from './run-file';
import { type SeenEvent, SeenEvents } from './seen-events';
import { Terminal } from './terminal';

const PARENT_CHECK_MS = 500;

/** The operator's console beside a local run. */
export interface ConsoleOfRun {
  /** Its address, with the token that opens it. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a console of a local run, of which this folder knows nothing more.
 *
 * @param description the line that `--json` prints
 * @param port 0 picks a free one
 * @param events what the functions have put on the bus so far
 * @param extensions those of `--extensions`
 */
export type StartConsole = (
  description: object,
  port: number,
  events: () => readonly SeenEvent[],
  extensions?: readonly ExtensionRegistration[],
) => Promise<ConsoleOfRun>;

/**
 * Runs the service on this machine until Ctrl-C, which ends the process.
 *
 * @param words what follows `npm start --`
 * @param startConsole serves the operator's console of the run
 * @returns the exit code where nothing is run: 0 for the help, 2 when the command line is wrong
 */
export async function start(words: readonly string[], startConsole: StartConsole): Promise<number> {
  const commandLine = readWords(words);
  if (commandLine === undefined) return 2;
  if (commandLine.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    return await serve(commandLine, startConsole);
  } catch (error) {
    console.error(error instanceof LocalError ? error.message : error);
    // Handles of a start that broke off must not keep the process.
    process.exit(1);
  }
}

/** Tells what is wrong with the command line. */
function readWords(words: readonly string[]): CommandLine | undefined {
  try {
    return readCommandLine(words);
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    console.error(error.message);
    return undefined;
  }
}

async function serve({ json, verbose, ...asked }: CommandLine, startConsole: StartConsole): Promise<never> {
  const seen = new SeenEvents();
  const terminal = new Terminal(json ? process.stderr : process.stdout);
  const stop = stopSignal();
  const started = performance.now();
  makeLocalDirectory();
  const starting = startLocal({
    port: asked.port,
    adminPort: asked.adminPort,
    memory: asked.memory,
    reset: asked.reset,
    extensions: asked.extensions,
    eventsUrl: asked.eventsUrl,
    webhook: asked.webhookUrl === undefined ? undefined : { url: asked.webhookUrl },
    policy: asked.policy,
    cognito: asked.cognito ? { endpoint: asked.cognitoEndpoint } : undefined,
    directory: LOCAL_DIRECTORY,
    listener: {
      onRequest: (report) => terminal.request(report),
      onNotice: (text) => terminal.notice(text),
      onEvent: (event) => seen.add(event),
      ...(verbose && {
        onFunctionLine: (logicalId, line) => terminal.functionLine(logicalId, line),
        onTiming: (part, milliseconds) => terminal.dim(`${part}: ${milliseconds.toFixed(0)} ms`),
      }),
    },
  });
  const run = await starting;
  const operatorConsole = await startConsole(
    describe(run),
    consolePortOf(asked, run),
    () => seen.list(),
    asked.extensions,
  ).catch(async (error: unknown) => {
    await run.stop();
    throw error;
  });
  const description = { ...describe(run), consoleUrl: operatorConsole.url };
  writeRunFile(description);
  if (json) process.stdout.write(`${JSON.stringify(description)}\n`);
  else terminal.write(welcome(run, operatorConsole.url, asked.webhookUrl));
  if (verbose) terminal.dim(`ready after ${(performance.now() - started).toFixed(0)} ms`);
  const failure = await Promise.race([stop, run.failed]);
  removeRunFile();
  await operatorConsole.stop();
  await run.stop();
  if (failure !== undefined) throw failure;
  process.exit(0);
}

/** A free one where the gateway's was picked; otherwise the one behind the admin API's. */
function consolePortOf({ port, adminPort, consolePort }: Partial<CommandLine>, run: LocalRun): number {
  if (consolePort !== undefined) return consolePort;
  if (port === 0 || adminPort === 0) return 0;
  return Number(new URL(run.adminUrl ?? run.baseUrl).port) + 1;
}

const describe = (run: LocalRun) => ({
  baseUrl: run.baseUrl,
  tokenUrl: run.tokenUrl,
  adminUrl: run.adminUrl,
  token: run.token,
  tenant: run.tenant,
  dynamodb: run.dynamodb,
  table: run.table,
  apiGateway: run.services,
  restApiId: run.restApiId,
  stage: run.stage,
  webhookSecret: run.webhookSecret,
  outputs: run.outputs,
});

const welcome = (run: LocalRun, consoleUrl: string, webhookUrl: string | undefined): string => `
  SCIM base URL   ${run.baseUrl}
  Token endpoint  ${run.tokenUrl}
  Admin API       ${run.adminUrl ?? 'none in this stack'}
  Console         ${consoleUrl}
  Tenant          ${run.tenant}
  Token           ${run.token}
  Data            ${run.location}${
    webhookUrl === undefined
      ? ''
      : `
  Webhook         ${webhookUrl}
  Its secret      ${run.webhookSecret}`
  }

  curl -H 'Authorization: Bearer ${run.token}' ${run.baseUrl}/Users

  Ctrl-C stops it.
`;

/**
 * Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once, and the supervisor ends the children.
 */
function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let times = 0;
    const take = () => {
      times++;
      if (times > 1) process.exit(1);
      resolve(undefined);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, take);
    if (process.env.npm_lifecycle_event !== undefined) onEndOfParent(take);
  });
}

/** An npm that is killed passes no signal on; without it, nobody would ever stop the local run. */
function onEndOfParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
}
