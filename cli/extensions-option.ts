import { isFolder, readExtensionFolder } from '../src/scim/schema/extensions/folder';
import { createRegistry, type Registry } from '../src/scim/schema/registry';
import { type CommandCall, type CommandOption, UsageError } from './command';

/** Of commands that read or write attributes of the vendor's extension schemas. */
export const EXTENSIONS_OPTION: Readonly<Record<string, CommandOption>> = {
  extensions: {
    type: 'string',
    value: 'FOLDER',
    help: "the service's extension schemas, as it was deployed with",
  },
};

/** The schemas of the service, with the extensions that `--extensions` names. @throws UsageError, ExtensionFault */
export function registryOf({ options: { extensions } }: CommandCall): Registry {
  if (typeof extensions !== 'string') return createRegistry();
  if (!isFolder(extensions)) throw new UsageError(`There is no folder ${JSON.stringify(extensions)}.`);
  return createRegistry(readExtensionFolder(extensions));
}
