import type { Deployment } from '../src/admin/deployment';
import { isFolder, readExtensionFolder } from '../src/scim/schema/extensions/folder';
import { createRegistry } from '../src/scim/schema/registry';
import { type CommandCall, type CommandOption, UsageError } from './command';

/** Of commands that read or write attributes of the vendor's extension schemas. */
export const EXTENSIONS_OPTION: Readonly<Record<string, CommandOption>> = {
  extensions: {
    type: 'string',
    value: 'FOLDER',
    help: "the service's extension schemas, as it was deployed with",
  },
};

/** The deployment with the extension schemas that `--extensions` names. @throws UsageError, ExtensionFault */
export function extended({ deployment, options: { extensions } }: CommandCall): Deployment {
  if (typeof extensions !== 'string') return deployment;
  if (!isFolder(extensions)) throw new UsageError(`There is no folder ${JSON.stringify(extensions)}.`);
  return { ...deployment, registry: createRegistry(readExtensionFolder(extensions)) };
}
