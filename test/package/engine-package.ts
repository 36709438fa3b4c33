import { enginePackage } from '../../local/dynamodb/engine-binary';
import { peerDependencies } from '../../package.json';

/** The package with the embedded DynamoDB for this machine, in the version that ours names. */
export const ENGINE = `${enginePackage()}@${new Map(Object.entries(peerDependencies)).get(enginePackage())}`;

const { DYNAMODB_ENDPOINT: _endpoint, SCIM_CLOUD_ASSEMBLY: _assembly, ...environment } = process.env;
/** Where a local run has only the package's own engine and stacks. */
export const ENVIRONMENT: NodeJS.ProcessEnv = environment;
