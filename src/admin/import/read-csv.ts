import { InvalidValue } from '../../directory/errors';
import type { JsonObject } from '../../scim/json';
import type { Registry } from '../../scim/schema/registry';
import { type CsvCell, CsvFault, CsvParser, type CsvRecord, valueOfCell } from '../csv';
import { AdminError } from '../errors';
import { type Column, columnNamed, columnNames, putColumn } from './columns';
import { readUser } from './read-user';
import type { RowFault, UserRow } from './rows';
import { linesOf } from './text';

/**
 * Reads the users of a CSV file, whose first line names its columns.
 *
 * @throws AdminError invalidInput for a heading or an encoding that is not accepted
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  registry: Registry,
): AsyncGenerator<UserRow | RowFault> {
  let columns: readonly Column[] | undefined;
  try {
    for await (const record of recordsOf(bytes)) {
      if (columns === undefined) columns = readHeading(registry, record);
      else yield readRecord(registry, columns, record);
    }
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    const { line, column, message } = error;
    yield { kind: 'Fault', line, column, detail: `${message} Nothing behind it was read.` };
  }
}

async function* recordsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const parser = new CsvParser();
  for await (const { text } of linesOf(bytes)) yield* parser.push(text);
  yield* parser.end();
}

function readHeading(registry: Registry, { cells }: CsvRecord): readonly Column[] {
  const columns = cells.map(({ text }) => columnNamed(registry.user, text));
  const unknown = cells.filter((_, position) => columns[position] === undefined);
  if (unknown.length > 0) {
    const named = unknown.map(
      ({ text, column }) => `${JSON.stringify(text.slice(0, 100))} (column ${column})`,
    );
    throw new AdminError(
      'invalidInput',
      `Line 1 has columns that nobody knows: ${named.join(', ')}. Take them out or rename them; accepted are ${columnNames()}, and attributes of extensions with their URN.`,
    );
  }
  const known = columns.filter((column) => column !== undefined);
  const twice = known.find(
    (column, position) => known.findIndex(({ name }) => name === column.name) < position,
  );
  if (twice !== undefined)
    throw new AdminError('invalidInput', `Line 1 names ${twice.name} twice; one column is accepted.`);
  if (!known.some(({ name }) => name === 'userName')) {
    throw new AdminError(
      'invalidInput',
      'Line 1 names no column "userName". The first line of a CSV file names its columns, and each user has a userName.',
    );
  }
  return known;
}

function readRecord(
  registry: Registry,
  columns: readonly Column[],
  { line, cells }: CsvRecord,
): UserRow | RowFault {
  if (cells.length !== columns.length) {
    const detail = `The line has ${cells.length} cells, the first line ${columns.length}; as many are accepted.`;
    return { kind: 'Fault', line, detail };
  }
  try {
    return { kind: 'User', line, ...readCells(registry, columns, cells) };
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return { kind: 'Fault', line, ...culprit(registry, columns, cells), detail: error.message };
  }
}

function readCells(registry: Registry, columns: readonly Column[], cells: readonly CsvCell[]) {
  const resource: JsonObject = {};
  const beside: Record<string, string> = {};
  for (const [position, column] of columns.entries()) {
    const value = valueOfCell(cells[position]?.text ?? '');
    if (column.path === undefined) beside[column.name] = value;
    else putColumn(resource, column, value);
  }
  return readUser(registry, resource, beside.id, beside.appId);
}

/** The cell that is not accepted: the first that is not even alone, or that of a userName that is missing. */
function culprit(
  registry: Registry,
  columns: readonly Column[],
  cells: readonly CsvCell[],
): Partial<RowFault> {
  const userName: Column = { name: 'userName', path: ['userName'] };
  const filled: CsvCell = { text: 'x', line: 1, column: 1 };
  const position = columns.findIndex((column, index) => {
    const cell = cells[index];
    if (cell === undefined) return false;
    const alone = column.name === 'userName';
    try {
      readCells(registry, alone ? [column] : [userName, column], alone ? [cell] : [filled, cell]);
      return false;
    } catch (error) {
      if (error instanceof InvalidValue) return true;
      throw error;
    }
  });
  const [cell, column] = [cells[position], columns[position]];
  if (cell === undefined || column === undefined) return {};
  return { line: cell.line, column: cell.column, name: column.name };
}
