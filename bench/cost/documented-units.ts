import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as DynamoDB has it. */
export type StoredItem = Readonly<Record<string, AttributeValue>>;

/** Request units, as DynamoDB on-demand bills them. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/*
 * The price of a call by AWS's documented rules ("DynamoDB item sizes and formats", "DynamoDB read and write
 * operations", "Amazon DynamoDB transactions: how it works"), from the items it touches. The embedded engine's own
 * figures differ where it projects (AWS charges the whole item) and for indexes inside transactions.
 */

const READ_UNIT_BYTES = 4_096;
const WRITE_UNIT_BYTES = 1_024;
/** A transaction prepares and commits: two underlying operations an item. */
const TRANSACTION_FACTOR = 2;

/**
 * Size of an item in bytes: names and values in UTF-8; numbers about a byte for two digits; 3 bytes and 1 an element
 * for lists and maps.
 */
export function itemBytes(item: StoredItem): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[^0-9]/g, '').length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 3);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return 1;
}

/**
 * Reading these bytes in one operation: rounded up to 4 kB, at least one unit; eventually consistent reads cost half.
 */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

/** One item that a write changes: its state before and after, undefined where there is none. */
export interface ItemChange {
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

/**
 * Writing one item: the larger of its sizes before and after, rounded up to 1 kB, and what the index `g1` takes.
 * Inside a transaction both count twice: for the index the documentation does not say so, and the dearer reading is
 * taken.
 */
export function writeUnits({ before, after }: ItemChange, inTransaction: boolean): number {
  const larger = Math.max(sizeOf(before), sizeOf(after));
  const table = Math.max(1, Math.ceil(larger / WRITE_UNIT_BYTES));
  return (table + indexUnits({ before, after })) * (inTransaction ? TRANSACTION_FACTOR : 1);
}

/** A new or a removed index entry is one write, a moved one two, an unchanged one none. */
function indexUnits({ before, after }: ItemChange): number {
  const [old, fresh] = [indexEntry(before), indexEntry(after)];
  if (old === fresh) return 0;
  return (old === undefined ? 0 : 1) + (fresh === undefined ? 0 : 1);
}

/** The entry holds the keys alone, far below 1 kB, so its key stands for it. */
const indexEntry = (item: StoredItem | undefined): string | undefined => item?.g1?.S;

const sizeOf = (item: StoredItem | undefined) => (item === undefined ? 0 : itemBytes(item));

/**
 * us-east-1, on demand, Standard table class, as published when this was written (November 2026): dollars a million
 * request units.
 */
export const DOLLARS_PER_MILLION = { read: 0.125, write: 0.625, region: 'us-east-1', asOf: 'November 2026' };

/** What a million operations of this price cost in dollars. */
export const dollarsPerMillion = ({ read, write }: Units): number =>
  read * DOLLARS_PER_MILLION.read + write * DOLLARS_PER_MILLION.write;
