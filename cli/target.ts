import { START } from '../local/program';
import { RUN_FILE } from '../local/run-file';
import { type Deployment, localDeployment, stackDeployment, tableDeployment } from '../src/admin/deployment';
import { AdminError } from '../src/admin/errors';
import { readLocalRun } from '../src/admin/local-run';
import { type CommandOption, UsageError } from './command';

/** Options of every command: where it works. */
export const TARGET_OPTIONS = {
  endpoint: { type: 'string', value: 'URL', help: 'a DynamoDB endpoint, with --table' },
  table: { type: 'string', value: 'NAME', help: 'name of the table at the endpoint' },
  stack: {
    type: 'string',
    value: 'NAME',
    help: 'a deployed stack, found through CloudFormation; NAME/ID where it has several services',
  },
  region: {
    type: 'string',
    value: 'REGION',
    help: 'region of the stack; the AWS configuration decides otherwise',
  },
  as: {
    type: 'string',
    value: 'NAME',
    help: 'who you are, for the provisioning log; the user of this computer otherwise',
  },
} as const satisfies Record<string, CommandOption>;

/** What the command line says about the target. */
export type TargetChoice = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Finds where a command works: the stack or endpoint that was named, otherwise the running local run.
 *
 * @param runFile written by a local run
 * @throws UsageError for contradictory options, AdminError when the target is not there
 */
export async function findTarget(choice: TargetChoice, runFile = RUN_FILE): Promise<Deployment> {
  const { endpoint, table, stack, region } = choice;
  const operator = choice.as === undefined ? undefined : String(choice.as);
  if (stack !== undefined && (endpoint !== undefined || table !== undefined)) {
    throw new UsageError('--stack cannot be combined with --endpoint or --table.');
  }
  if ((endpoint === undefined) !== (table === undefined)) {
    throw new UsageError('--endpoint and --table belong together.');
  }
  if (region !== undefined && stack === undefined) throw new UsageError('--region belongs to --stack.');
  if (stack !== undefined)
    return stackDeployment(String(stack), region === undefined ? undefined : String(region), operator);
  if (endpoint !== undefined) return tableDeployment(String(endpoint), String(table), operator);
  const run = readLocalRun(runFile);
  if (run !== undefined) return localDeployment(run, operator);
  throw new AdminError(
    'notFound',
    `There is no local run: start it with "${START}", or name a target with --stack or with --endpoint and --table.`,
  );
}
