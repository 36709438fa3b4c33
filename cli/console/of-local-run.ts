import { pageFolder } from '../../lib/pages';
import { ADMIN } from '../../local/program';
import type { StartConsole } from '../../local/start';
import { localDeployment } from '../../src/admin/deployment';
import { parseLocalRun } from '../../src/admin/local-run';
import { startConsole } from './server';

/** The console of a local run that is just starting, with its playground. */
export const startConsoleOfRun: StartConsole = async (description, port, events) => {
  const run = parseLocalRun(JSON.stringify(description));
  return startConsole({
    deployment: localDeployment(run),
    about: { target: 'The local run', admin: ADMIN, options: '' },
    port,
    pageFolder: () => pageFolder('console'),
    ...(run.token === '' ? {} : { playground: { tenantId: run.tenant, token: run.token, events } }),
  });
};
