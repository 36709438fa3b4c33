import type { Deployment } from '../deployment';
import type { TenantInput } from '../tenants';
import { type ImportProblem, type ImportResult, importAccounts } from './import';
import type { FileFormat } from './rows';

/** A file, or a part of one, as it is sent over HTTP. */
export interface ImportTextInput extends TenantInput {
  readonly format: FileFormat;
  /** Of CSV each part has the heading. */
  readonly content: string;
  readonly apply?: boolean;
}

/** What an import has done, with the rows that it has left out. */
export interface ImportedText extends ImportResult {
  readonly problems: readonly ImportProblem[];
}

/**
 * Imports what is sent in one request: the same as a file, but that whoever sends it waits when DynamoDB takes no more.
 *
 * @throws what `importAccounts` throws; Throttled, after which the same request goes on
 */
export async function importText(
  deployment: Deployment,
  { content, ...input }: ImportTextInput,
): Promise<ImportedText> {
  const problems: ImportProblem[] = [];
  const result = await importAccounts(deployment, {
    ...input,
    open: async function* () {
      yield Buffer.from(content);
    },
    isPatient: false,
    onProblem: (problem) => problems.push(problem),
  });
  return { ...result, problems: problems.sort((one, other) => one.line - other.line) };
}
