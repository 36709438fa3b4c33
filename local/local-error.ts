/**
 * Something that keeps the local run from starting or going on, told in one sentence that a newcomer can act on. It
 * is printed without a stack trace; every other error is a defect of the local run and keeps its trace.
 */
export class LocalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LocalError';
  }
}
