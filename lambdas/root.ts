import { rootEndpoint } from '../src/endpoints/scim/root';
import { tableFromEnvironment } from './environment';
import { directoryEndpoint } from './middleware/scim-endpoint';
import { stagedRegistry } from './staged-registry';

/** The base URL and its `/.search`: lists over users and groups together. */
export const handler = directoryEndpoint(tableFromEnvironment(), stagedRegistry(), rootEndpoint);
