/** What the table refuses, for whoever calls a use case: a tenant that is not there, a label that is not accepted. */
export { DirectoryError } from '../directory/errors';

/**
 * Why an administrator's request was not carried out: `invalidInput`, it contradicts itself; `notFound`, what it names
 * is not there; `unsupported`, this deployment has no such part; `failed`, the work was begun and a part of it failed.
 */
export type AdminErrorCode = 'invalidInput' | 'notFound' | 'unsupported' | 'failed';

/** A use case that cannot be carried out. The message is for the administrator and complete without a stack trace. */
export class AdminError extends Error {
  constructor(
    readonly code: AdminErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'AdminError';
  }
}
