import { groupsEndpoint } from '../src/endpoints/scim/groups';
import { tableFromEnvironment } from './environment';
import { directoryEndpoint } from './middleware/scim-endpoint';
import { stagedRegistry } from './staged-registry';

/** `/Groups` and `/Groups/{id}`. */
export const handler = directoryEndpoint(tableFromEnvironment(), stagedRegistry(), groupsEndpoint);
