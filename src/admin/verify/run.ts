import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../directory/table/keys';
import { inParallel } from '../../directory/table/parallel';
import type { TokenScope } from '../../directory/tenants/token-item';
import { issueToken } from '../../directory/tenants/tokens';
import { SessionStore } from '../../sessions';
import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { awsStackView } from './aws-stack-view';
import { type Check, CheckFailed, DEFAULT_LIMITS, type Limits, type VerifyContext } from './check';
import { CHECKS } from './checks';
import { Interrupted } from './interrupted';
import { Latencies, type Latency } from './latencies';
import { Connection, ScimClient } from './scim-client';
import { createTemporaryTenant, LIFETIME_MS, removeLeftOvers } from './temporary-tenant';
import { removeTraces } from './tenant-traces';

/** How a run goes. */
export interface VerifyOptions {
  /** Which checks, by id or by the subject before the dot; all when absent. */
  readonly only?: readonly string[];
  /** Provoke the stage's throttle, which all tenants share. */
  readonly mayThrottle?: boolean;
  readonly limits?: Partial<Limits>;
  /** Ends the run: what is under way is finished, the temporary tenants are removed. */
  readonly signal?: AbortSignal;
  readonly progress?: (text: string) => void;
}

/** A row of the report. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was found, what was wrong, or why nothing was proven. */
  readonly detail: string;
  readonly milliseconds: number;
}

export interface Verification {
  readonly baseUrl: string;
  readonly startedAt: Date;
  readonly milliseconds: number;
  readonly results: readonly Result[];
  readonly latencies: readonly Latency[];
}

/** Few enough to leave other tenants their throughput, and a new account's 10 concurrent functions a part. */
const AT_ONCE = 4;
const PROGRESS_EVERY_MS = 10_000;

/**
 * Proves a deployment from outside: as an identity provider over HTTP, as the application by the sessions, as the
 * operator by the account. Works in two temporary tenants, which it removes in any case; nobody else's data is read
 * or written.
 *
 * @throws AdminError unsupported when the base URL is unknown, failed when it answers nothing or the run is
 *   interrupted, notFound for a check that does not exist
 */
export async function verify(deployment: Deployment, options: VerifyOptions = {}): Promise<Verification> {
  const { baseUrl, table } = deployment;
  if (baseUrl === undefined)
    throw new AdminError(
      'unsupported',
      'There is nothing to verify at a table alone: name a stack with --stack, or start the local run.',
    );
  const { signal = new AbortController().signal, progress = () => {} } = options;
  const checks = chosen(options.only);
  const startedAt = new Date();
  const connection = new Connection(baseUrl, signal);
  try {
    await reach(connection);
    for (const tenant of await removeLeftOvers(table))
      progress(`Removed ${tenant}, left behind by another run.`);
    const tenants: TenantId[] = [];
    try {
      const latencies = new Latencies();
      const context = await createContext(deployment, connection, tenants, latencies, options);
      progress(`Working in the temporary tenants ${tenants.join(' and ')}.`);
      const results = await runAll(checks, context, signal, progress);
      const removal = await removeAll(deployment, tenants.splice(0));
      if (signal.aborted) throw new AdminError('failed', `Interrupted. ${removal.detail}`);
      return {
        baseUrl,
        startedAt,
        milliseconds: Date.now() - startedAt.getTime(),
        results: [...results, removal],
        latencies: latencies.rows(),
      };
    } finally {
      if (tenants.length > 0) await removeAll(deployment, tenants);
    }
  } finally {
    connection.close();
  }
}

/** @throws AdminError notFound when a name is that of no check */
function chosen(only: readonly string[] | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  const isOf = (name: string) => (check: Check) => check.id === name || check.id.startsWith(`${name}.`);
  for (const name of only) {
    if (CHECKS.some(isOf(name))) continue;
    const subjects = [...new Set(CHECKS.map(({ id }) => id.split('.')[0]))].join(', ');
    throw new AdminError(
      'notFound',
      `There is no check "${name}"; ${subjects}, and the ids in the report, are accepted.`,
    );
  }
  return CHECKS.filter((check) => only.some((name) => isOf(name)(check)));
}

/** Whatever is answered, somebody is there; nothing has been created yet. @throws AdminError failed */
async function reach(connection: Connection): Promise<void> {
  try {
    await connection.send('GET', '/ServiceProviderConfig', {}, undefined);
  } catch (error) {
    if (error instanceof Interrupted) throw new AdminError('failed', 'Interrupted; nothing was created.');
    const reason = error instanceof Error ? error.message : String(error);
    throw new AdminError(
      'failed',
      `The base URL ${connection.baseUrl} cannot be reached (${reason}); nothing was created.`,
    );
  }
}

/** @param tenants is told each tenant as soon as it may be there, so that it is removed whatever happens next */
async function createContext(
  deployment: Deployment,
  connection: Connection,
  tenants: TenantId[],
  latencies: Latencies,
  { limits, mayThrottle = false, signal }: VerifyOptions,
): Promise<VerifyContext> {
  const { table } = deployment;
  const newTenant = async () => {
    const tenant = await createTemporaryTenant(table);
    tenants.push(tenant);
    return tenant;
  };
  const clientOf = async (tenant: TenantId, scope: TokenScope) => {
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    const { text } = await issueToken(table, { tenant, label: `verify ${scope}`, scope, expiresAt });
    return new ScimClient(connection, `Bearer ${text}`);
  };
  const [tenant, other] = [await newTenant(), await newTenant()];
  return {
    deployment,
    table,
    stack: stackViewOf(deployment),
    tenant,
    other,
    latencies,
    mayThrottle,
    baseUrl: connection.baseUrl,
    sessions: new SessionStore(table),
    scim: await clientOf(tenant, 'write'),
    reader: await clientOf(tenant, 'read'),
    otherScim: await clientOf(other, 'write'),
    clientWith: (authorization) => new ScimClient(connection, authorization),
    limits: { ...DEFAULT_LIMITS, ...limits },
    pause: (milliseconds) =>
      delay(Math.max(0, milliseconds), undefined, { signal }).catch(() => {
        throw new Interrupted();
      }),
  };
}

/** Only a stack in AWS has an account to look at. */
const stackViewOf = ({ stack, table }: Deployment) =>
  stack?.name === undefined ? undefined : awsStackView(stack.name, stack, table.name);

/** @returns results in the order of the checks */
async function runAll(
  checks: readonly Check[],
  context: VerifyContext,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<Result[]> {
  const results = new Map<Check, Result>();
  const running = new Set<Check>();
  const run = async (check: Check) => {
    if (signal.aborted) return;
    running.add(check);
    const result = await runOne(check, context);
    running.delete(check);
    results.set(check, result);
    if (result.outcome === 'failed' && !signal.aborted) progress(`${check.id} failed: ${result.detail}`);
  };
  const thatRun = (when: Check['runs']) => checks.filter(({ runs }) => runs === when);
  const timer = setInterval(() => {
    const names = [...running].map(({ id }) => id).join(', ');
    progress(`${results.size} of ${checks.length} checks; under way: ${names}`);
  }, PROGRESS_EVERY_MS);
  try {
    const waiting = Promise.all(thatRun('waiting').map(run));
    for (const check of thatRun('alone')) await run(check);
    await inParallel(thatRun(undefined), run, AT_ONCE);
    await waiting;
    for (const check of thatRun('last')) await run(check);
  } finally {
    clearInterval(timer);
  }
  return checks.flatMap((check) => results.get(check) ?? []);
}

async function runOne({ id, title, run }: Check, context: VerifyContext): Promise<Result> {
  const startedAt = performance.now();
  const finished = (outcome: Result['outcome'], detail: string): Result => ({
    id,
    title,
    outcome,
    detail,
    milliseconds: performance.now() - startedAt,
  });
  try {
    const { kind, detail } = await run(context);
    return finished(kind, detail);
  } catch (error) {
    if (error instanceof CheckFailed) return finished('failed', error.message);
    return finished('failed', error instanceof Error ? error.message : String(error));
  }
}

/** The last row: what the run has made is gone. */
async function removeAll({ table }: Deployment, tenants: readonly TenantId[]): Promise<Result> {
  const startedAt = performance.now();
  const failures: string[] = [];
  for (const tenant of tenants) {
    await removeTraces(table, tenant).catch((error: unknown) => {
      failures.push(`${tenant}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return {
    id: 'cleanup.tenants',
    title: 'The temporary tenants are removed',
    outcome: failures.length === 0 ? 'passed' : 'failed',
    detail:
      failures.length === 0
        ? `${tenants.join(' and ')} are gone`
        : `${failures.join('; ')}; the next run removes what is older than an hour`,
    milliseconds: performance.now() - startedAt,
  };
}
