import { startConsole } from '../../cli/console/server';
import { pageFolder } from '../../lib/pages';
import { startLocal } from '../../local/run';
import { localDeployment } from '../../src/admin/deployment';
import { createSetupLink } from '../../src/admin/setup-links';
import { createTenant } from '../../src/admin/tenants';

/** A local run with its console. */
export interface LocalService {
  readonly consoleUrl: string;
  /** Makes a tenant, and a link to its set-up page. */
  linkTo(tenantId: string): Promise<string>;
}

/** Has something measured on a local run of its own. */
export async function onLocalService<Result>(
  measure: (service: LocalService) => Promise<Result>,
): Promise<Result> {
  const run = await startLocal({ port: 0, memory: true });
  try {
    const outputs = new Map(Object.entries(run.outputs));
    const deployment = localDeployment(
      { ...run, outputs, apiGateway: run.services, pid: process.pid },
      'bench',
    );
    const served = await startConsole({
      target: async () => ({ deployment, about: { target: 'A benchmark', admin: '', options: '' } }),
      port: 0,
      pageFolder: () => pageFolder('console'),
    });
    try {
      return await measure({
        consoleUrl: served.url,
        async linkTo(tenantId) {
          await createTenant(deployment, { tenantId, name: tenantId });
          const may = ['credentials', 'log'] as const;
          const { url } = await createSetupLink(deployment, { tenantId, for: 'a newcomer', may });
          if (url === undefined) throw new Error('The local run tells no address of its links.');
          return url;
        },
      });
    } finally {
      await served.stop();
    }
  } finally {
    await run.stop();
  }
}
