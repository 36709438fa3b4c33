import { once } from 'node:events';
import { pageFolder } from '../../lib/pages';
import { ADMIN } from '../../local/program';
import type { Command, CommandCall } from '../command';
import { EXTENSIONS_OPTION, extended } from '../extensions-option';
import { interruptedBySignals } from '../interruption';
import { portOption } from './port-option';
import { startConsole } from './server';

export const CONSOLE: Command = {
  arguments: [],
  summary: 'the console in the browser, on this computer alone, until Ctrl-C',
  options: {
    port: { type: 'string', value: 'N', help: 'port to listen on; a free one otherwise' },
    ...EXTENSIONS_OPTION,
  },
  examples: ['console --stack Scim', 'console --stack Scim --region eu-central-1 --port 8789'],
  run: async (call) => ({ lines: served(call) }),
};

/** Prints the address, and serves until Ctrl-C. */
async function* served(call: CommandCall): AsyncGenerator<string> {
  const { options } = call;
  const deployment = extended(call);
  const { signal, end } = interruptedBySignals();
  const target = targetOf(options);
  const running = await startConsole({
    target: async () => ({
      deployment,
      about: { target: target.name, admin: ADMIN, options: target.options },
    }),
    port: portOption(options.port),
    pageFolder: () => pageFolder('console'),
  });
  try {
    yield options.json === true
      ? JSON.stringify({ consoleUrl: running.url })
      : `Console  ${running.url}\nThe address is good until Ctrl-C, on this computer, and opens everything: give it to nobody.`;
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    end();
    await running.stop();
  }
}

/** What the page calls the deployment, and how its commands name it. */
function targetOf({ stack, region, endpoint, table }: CommandCall['options']): {
  readonly name: string;
  readonly options: string;
} {
  const given = Object.entries({ stack, region, endpoint, table }).filter(([, value]) => value !== undefined);
  const options = given.map(([name, value]) => `--${name} ${value}`).join(' ');
  if (stack !== undefined)
    return { name: region === undefined ? `${stack}` : `${stack} (${region})`, options };
  return { name: table === undefined ? 'The local run' : `${table}`, options };
}
