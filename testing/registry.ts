import { createRegistry } from '../src/scim/schema/registry';

/** The service without a vendor's extensions. */
export const REGISTRY = createRegistry();
export const { user: USER, group: GROUP } = REGISTRY;
