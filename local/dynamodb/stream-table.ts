import { closeSync, copyFileSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Sqlite from 'node-sqlite3-wasm';
import { PACKAGE_ROOT } from '../../lib/package-root';
import { LocalError } from '../local-error';
import { prebuilt } from '../prebuilt';

/** Columns of the engine's stream table that the indexes and the trimming rest on. */
const COLUMNS_USED = ['id', 'table_name', 'sequence_number', 'shard_id'];
const CREATE = 'CREATE TABLE IF NOT EXISTS _stream_records (';
const SQLITE_MAGIC = 'SQLite format 3\0';
const OTHER_SCHEMA =
  'this version of the DynamoDB engine keeps its stream records in another form than 1.2.1; writes become slower the more of them there are.';

/** Stream records kept in a data file when nothing else is said. */
export const DEFAULT_STREAM_RECORDS_KEPT = 100_000;
/** The name of an empty data file among what is prebuilt. */
export const PREBUILT_DATA_FILE = 'data.sqlite';

/**
 * Makes a fresh data file in which the engine keeps its streams cheap.
 *
 * dynoxide 1.2.1 looks for the highest sequence number with every write, without an index, and never trims: a write
 * that takes 1.3 ms at 1,000 stream records takes 9.9 ms at 20,000. Its table is therefore created before the
 * engine's first start, exactly as the engine itself would do it (the statement is taken from its binary), with the
 * indexes that the look-up needs and with a trigger that trims. The engine's own CREATE IF NOT EXISTS then keeps
 * them. It has to happen now: later the file is in WAL mode, which this SQLite cannot open.
 *
 * @param recordsKept stream records kept; older ones are trimmed, read or not, as AWS does after 24 hours. It bounds
 *   the file's growth, and is so high that a consumer would have to fall behind by that many writes to lose one (the
 *   mapping then says so).
 * @returns a warning when the engine's schema is not the one expected, so that the file was left to the engine
 * @throws LocalError when the file cannot be written
 */
export function createDataFile(file: string, engineBinary: string, recordsKept: number): string | undefined {
  const statement = streamTableStatement(engineBinary);
  if (statement === undefined) return OTHER_SCHEMA;
  const template = prebuilt(PREBUILT_DATA_FILE);
  return template === undefined ? create(file, statement, recordsKept) : copy(template, file, statement);
}

function create(file: string, statement: string, recordsKept: number): undefined {
  // Whoever installs the package has the file, and no SQLite.
  const { Database } = createRequire(join(PACKAGE_ROOT, 'package.json'))(
    'node-sqlite3-wasm',
  ) as typeof Sqlite;
  let database: Sqlite.Database | undefined;
  try {
    database = new Database(file);
    database.exec(`
      ${statement};
      CREATE INDEX _stream_records_latest ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
      CREATE INDEX _stream_records_shard ON _stream_records (table_name, shard_id, sequence_number);
      CREATE TRIGGER _stream_records_trim AFTER INSERT ON _stream_records BEGIN
        DELETE FROM _stream_records WHERE id <= NEW.id - ${Math.floor(recordsKept)};
      END;`);
  } catch (cause) {
    throw new LocalError(`The data file ${file} cannot be created.`, { cause });
  } finally {
    database?.close();
  }
}

/** Copies the empty data file, which holds the statement of the engine that it was made for. */
function copy(template: string, file: string, statement: string): string | undefined {
  if (!readFileSync(template).includes(statement.slice(CREATE.indexOf('_stream_records'))))
    return OTHER_SCHEMA;
  copyFileSync(template, file);
  return undefined;
}

/** The statement with which the engine creates its stream table, or undefined when it is not of the expected form. */
export function streamTableStatement(engineBinary: string): string | undefined {
  const binary = readFileSync(engineBinary);
  const start = binary.indexOf(CREATE);
  const end = binary.indexOf(');', start);
  if (start < 0 || end < 0 || end - start > 4_000) return undefined;
  const statement = binary.toString('latin1', start, end + 1);
  return COLUMNS_USED.every((column) => statement.includes(` ${column} `)) ? statement : undefined;
}

/**
 * Checks that a data file is one: the engine itself answers a broken file with a panic.
 *
 * @throws LocalError when it exists and is no SQLite file
 */
export function checkDataFile(file: string): void {
  if (!existsSync(file)) return;
  const header = Buffer.alloc(SQLITE_MAGIC.length);
  let read: number;
  try {
    const descriptor = openSync(file, 'r+');
    read = readSync(descriptor, header, 0, header.length, 0);
    closeSync(descriptor);
  } catch (cause) {
    throw new LocalError(`The data file ${file} cannot be opened for reading and writing.`, { cause });
  }
  if (read < header.length || header.toString('latin1') !== SQLITE_MAGIC) {
    throw new LocalError(
      `The data file ${file} is broken (not a SQLite database); start with --reset to begin with an empty one, or with --memory to leave it as it is.`,
    );
  }
}
