import type { Registry } from '../../scim/schema/registry';
import { readCsv } from './read-csv';
import { readJsonLines } from './read-json-lines';
import type { FileFormat, Row, RowFault } from './rows';

/**
 * Reads a file row by row, by the schemas that SCIM requests are read by.
 *
 * @throws AdminError invalidInput when it is no such file: another encoding, a column that nobody knows
 */
export function readRows(
  bytes: AsyncIterable<Uint8Array>,
  format: FileFormat,
  registry: Registry,
): AsyncGenerator<Row | RowFault> {
  return format === 'csv' ? readCsv(bytes, registry) : readJsonLines(bytes, registry);
}
