import { usersEndpoint } from '../src/endpoints/scim/users';
import { tableFromEnvironment } from './environment';
import { directoryEndpoint } from './middleware/scim-endpoint';
import { stagedRegistry } from './staged-registry';

/** `/Users` and `/Users/{id}`. */
export const handler = directoryEndpoint(tableFromEnvironment(), stagedRegistry(), usersEndpoint);
