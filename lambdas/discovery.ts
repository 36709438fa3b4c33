import { discoveryEndpoint } from '../src/endpoints/scim/discovery';
import { scimEndpoint } from './middleware/scim-endpoint';

/** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, each also by id. */
export const handler = scimEndpoint(discoveryEndpoint);
