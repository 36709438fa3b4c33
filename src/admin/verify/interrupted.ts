/** The run was interrupted: what is under way ends, and nothing more is begun. */
export class Interrupted extends Error {
  constructor() {
    super('The run was interrupted.');
  }
}
