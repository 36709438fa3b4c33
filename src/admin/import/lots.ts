import type { GroupRow, MappingRow, MembersRow, Row, RowFault, SettingsRow, UserRow } from './rows';

/** Rows that are looked at, and written, together; all are of one kind. */
export type Lot =
  | readonly UserRow[]
  | readonly GroupRow[]
  | readonly MembersRow[]
  | readonly MappingRow[]
  | readonly SettingsRow[];

/** The guards of so many users, of userName and appId, are read in one call. */
const USERS_IN_A_LOT = 50;
const OTHERS_IN_A_LOT = 20;

/**
 * Lots of a file. Members are of one group, since a large change of a group has to be over before the next. Users whose
 * ids the file has kept share the first digit of them, so that a lot writes one counter alone: what is read ahead for
 * that is a lot of each digit at the most. A kind ends before the next one begins.
 */
export async function* lotsOf(rows: AsyncIterable<Row | RowFault>): AsyncGenerator<Lot> {
  const lots = new Map<string, Row[]>();
  let kind: string | undefined;
  for await (const row of rows) {
    // The file has no faults, unless it has changed since it was checked.
    if (row.kind === 'Fault') continue;
    if (kindOf(row) !== kind) {
      for (const lot of lots.values()) yield lot as unknown as Lot;
      lots.clear();
      kind = kindOf(row);
    }
    const digit = row.kind === 'User' ? (row.id?.charAt(0) ?? '') : '';
    const lot = lots.get(digit) ?? [];
    lot.push(row);
    lots.set(digit, lot);
    if (lot.length < (row.kind === 'User' ? USERS_IN_A_LOT : OTHERS_IN_A_LOT)) continue;
    yield lot as unknown as Lot;
    lots.delete(digit);
  }
  for (const lot of lots.values()) yield lot as unknown as Lot;
}

const kindOf = (row: Row): string => `${row.kind} ${groupOf(row) ?? ''}`;
const groupOf = (row: Row | undefined): string | undefined =>
  row?.kind === 'Membership' ? row.groupId : undefined;

/** Whether a lot may begin only when those before it are over. */
export const mustWait = ([last]: Lot, [next]: Lot): boolean =>
  last?.kind !== next?.kind || (groupOf(last) !== undefined && groupOf(last) === groupOf(next));

/** Of which kind a lot is. */
export function isOf<K extends Row['kind']>(kind: K, lot: Lot): lot is Lot & readonly (Row & { kind: K })[] {
  return lot[0]?.kind === kind;
}
