import { groupsEndpoint } from '../src/endpoints/scim/groups';
import { tableFromEnvironment } from './environment';
import { directoryEndpoint } from './middleware/scim-endpoint';

/** `/Groups` and `/Groups/{id}`. */
export const handler = directoryEndpoint(tableFromEnvironment(), groupsEndpoint);
