import { ScimError } from '../../../src/scim/errors';

/** The SCIM error that something ends with. */
export function errorOf(act: () => unknown): ScimError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
