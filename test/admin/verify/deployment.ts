import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTarget } from '../../../cli/target';
import type { LocalOptions } from '../../../local/run';
import type { Deployment } from '../../../src/admin/deployment';
import { type LocalRun, startTestRun } from '../../integration/local-run';

/** A local run as the admin command finds it. */
export interface TestDeployment {
  readonly run: LocalRun;
  /** Folder in which the local run describes itself, as SCIM_LOCAL_DIRECTORY names it. */
  readonly directory: string;
  /** @param baseUrl another way to the run, for instance through a proxy */
  target(baseUrl?: string): Promise<Deployment>;
  stop(): Promise<void>;
}

/** Starts a local run that keeps nothing, and writes its description where `npm start` would. */
export async function startDeployment(options: LocalOptions = {}): Promise<TestDeployment> {
  const directory = mkdtempSync(join(tmpdir(), 'scim-verify-'));
  const run = await startTestRun(options);
  const describe = (baseUrl: string, file: string) => {
    const { token, tenant, dynamodb, table, services, restApiId, stage, outputs } = run;
    const description = { baseUrl, token, tenant, dynamodb, table, restApiId, stage, outputs };
    writeFileSync(join(directory, file), JSON.stringify({ ...description, apiGateway: services }));
    return join(directory, file);
  };
  describe(run.baseUrl, 'run.json');
  let proxies = 0;
  return {
    run,
    directory,
    target: (baseUrl = run.baseUrl) => findTarget({}, describe(baseUrl, `run-${++proxies}.json`)),
    async stop() {
      await run.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
