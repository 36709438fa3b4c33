import { join } from 'node:path';
import { readExtensionFolder } from './folder';
import type { ExtensionRegistration } from './registration';

/**
 * The vendor's extensions as JSON text, which the bundler puts in the place of this name (lib/bundles.ts): a deployed
 * function reads no file and checks nothing again. Where the sources run as they are (tests, the terminal), there is
 * no such name, and the folder itself is read. An application that bundles `sessions/` or `access/` into an ES module
 * of its own has neither, and so no extensions unless it defines the name, too.
 */
declare const SCIM_EXTENSIONS: string | undefined;

/** The vendor's extensions, checked, with all defaults filled in. */
export const REGISTERED_EXTENSIONS: readonly ExtensionRegistration[] =
  typeof SCIM_EXTENSIONS === 'string'
    ? (JSON.parse(SCIM_EXTENSIONS) as ExtensionRegistration[])
    : typeof __dirname === 'string'
      ? readExtensionFolder(join(__dirname, '../../../../extensions'))
      : [];
