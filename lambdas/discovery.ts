import { discoveryEndpoint } from '../src/endpoints/scim/discovery';
import { scimEndpoint } from './middleware/scim-endpoint';
import { stagedRegistry } from './staged-registry';

/** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, each also by id. */
export const handler = scimEndpoint(stagedRegistry(), discoveryEndpoint);
