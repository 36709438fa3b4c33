import { pageFolder } from '../../lib/pages';
import { LocalError } from '../../local/local-error';
import { ADMIN } from '../../local/program';
import type { StartConsole } from '../../local/start';
import { AdminError } from '../../src/admin/errors';
import { parseLocalRun } from '../../src/admin/local-run';
import { createRegistry } from '../../src/scim/schema/registry';
import { startConsole } from './server';

/** The console of a local run that is just starting, with its playground. */
export const startConsoleOfRun: StartConsole = async (description, port, events, extensions) => {
  const run = parseLocalRun(JSON.stringify(description));
  const target = async () => {
    const { localDeployment } = await import('../../src/admin/deployment');
    return {
      deployment: { ...localDeployment(run), registry: createRegistry(extensions) },
      about: { target: 'The local run', admin: ADMIN, options: '' },
      ...(run.token === '' ? {} : { playground: { tenantId: run.tenant, token: run.token, events } }),
    };
  };
  try {
    return await startConsole({ target, port, pageFolder: () => pageFolder('console') });
  } catch (error) {
    throw error instanceof AdminError ? new LocalError(error.message) : error;
  }
};
