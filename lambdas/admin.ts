import { serviceDeployment } from '../src/admin/deployment';
import { adminOrigin } from '../src/directory/resources/origin';
import { outputsFromEnvironment, tableFromEnvironment } from './environment';
import { adminFunction } from './middleware/admin-endpoint';
import { stagedRegistry } from './staged-registry';

const table = tableFromEnvironment();
const outputs = outputsFromEnvironment();
const registry = stagedRegistry();

/** The admin API: every path below `/v1`. */
export const handler = adminFunction(({ caller, requestId, deadline }) =>
  serviceDeployment(outputs, {
    table: table.with({ deadline }),
    origin: adminOrigin(caller, requestId),
    region: process.env.AWS_REGION,
    registry,
  }),
);
