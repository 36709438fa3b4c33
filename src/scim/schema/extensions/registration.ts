import type { SchemaDefinition } from '../definition';

/** An extension schema and the resource type that it extends (RFC 7643 section 6, `schemaExtensions`). */
export interface ExtensionRegistration {
  readonly resourceType: 'User' | 'Group';
  readonly schema: SchemaDefinition;
  readonly required: boolean;
}

/** The name of the file beside a function's bundle that holds the registrations it starts with. */
export const EXTENSIONS_FILE = 'extensions.json';

/**
 * What is wrong with an extension schema file: one sentence that names the file, the attribute and the fault, for the
 * engineer who runs the synth.
 *
 * @example
 * if (error instanceof ExtensionFault) console.error(error.message); // extensions[0]: …
 */
export class ExtensionFault extends Error {
  override readonly name = 'ExtensionFault';
}
