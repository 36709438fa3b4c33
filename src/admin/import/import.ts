import type { Directory } from '../../directory/resources/directory';
import { SHARDS } from '../../directory/table/keys';
import { Turns } from '../../directory/table/turns';
import { createRegistry } from '../../scim/schema/registry';
import type { Deployment } from '../deployment';
import { directoryOf, type TenantInput } from '../tenants';
import { Duplicates } from './duplicates';
import { Coming, foreseeMembers } from './foresee-members';
import { Counts, type ImportProblem, type ImportResult } from './import-result';
import { isOf, type Lot, lotsOf, mustWait } from './lots';
import { matchUsers } from './match-users';
import { persistently } from './persistently';
import { readRows } from './read-rows';
import type { FileFormat, GroupRow, MembersRow, Row, RowFault, UserRow } from './rows';
import { importMapping, importSettings } from './write-configuration';
import { matchGroup, writeGroup, writeMembers } from './write-groups';
import { candidatesOf, foreseen, writeUsers } from './write-users';

export type { FileFormat, ImportProblem, ImportResult };

/** What is to be imported. */
export interface ImportInput extends TenantInput {
  /** Opens the file; called twice, since the whole of it is checked before anything is written. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly format: FileFormat;
  /** Writes. Otherwise it is only told what would be written. */
  readonly apply?: boolean;
  /** Waits, for minutes, while DynamoDB takes no more; true when absent. */
  readonly isPatient?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Is told each row that is not imported, as it is met. */
  readonly onProblem?: (problem: ImportProblem) => void;
}

/** How far an import is. */
export interface ImportProgress {
  readonly step: 'check' | 'import';
  readonly rows: number;
  /** How many there are; known once the file is checked. */
  readonly of?: number;
}

/** Half of the shards of a counter: those at once each write one of their own. */
const LOTS_AT_ONCE = 8;
/** Members that one change of a group adds. */
const MEMBERS_IN_A_CHANGE = 1_000;
const ROWS_BETWEEN_PROGRESS = 500;

/**
 * Imports accounts that an app has had before it had SCIM, or an export: creates who is not there, by the functions and
 * checks of a POST, so that the identity provider's first match finds them. Whoever is there stays as they are; only a
 * missing appId is set. So it may be broken off and repeated.
 *
 * @throws AdminError invalidInput for a file that is none, notFound for the tenant, failed when DynamoDB takes no more
 * @example
 * const open = () => createReadStream('accounts.csv');
 * const { users } = await importAccounts(deployment, { tenantId: 'acme', open, format: 'csv', apply: true });
 */
export async function importAccounts(deployment: Deployment, input: ImportInput): Promise<ImportResult> {
  const directory = await directoryOf(deployment, input);
  const counts = new Counts(input);
  const coming = await checkFile(deployment, input, counts);
  const attempt: Run['attempt'] = input.isPatient === false ? (work) => work() : persistently;
  const turns = new Turns();
  const run: Run = { deployment, directory, counts, attempt, coming, turns };
  if (counts.faults === 0) await importFile(run, input, counts.rows);
  return counts.result(directory.tenant, input.apply === true && counts.faults === 0);
}

/**
 * Everything that can be told of a file without the table.
 *
 * @returns what a dry run knows of it; when it is applied, the memory is free again
 */
async function checkFile(
  deployment: Deployment,
  input: ImportInput,
  counts: Counts,
): Promise<Coming | undefined> {
  const duplicates = new Duplicates();
  let rows = 0;
  for await (const row of rowsOf(deployment, input)) {
    const fault = row.kind === 'Fault' ? row : duplicates.faultOf(row);
    if (fault !== undefined) counts.fault(fault);
    rows++;
    if (rows % ROWS_BETWEEN_PROGRESS === 0) input.onProgress?.({ step: 'check', rows });
  }
  counts.rows = rows;
  return input.apply === true ? undefined : new Coming(duplicates);
}

const rowsOf = (
  { registry = createRegistry() }: Deployment,
  { open, format }: ImportInput,
): AsyncGenerator<Row | RowFault> => readRows(open(), format, registry);

/** Some lots at once, users before groups and groups before members as far as the file has them in this order. */
async function importFile(run: Run, input: ImportInput, of: number): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let [rows, lots] = [0, 0];
  let last: Lot | undefined;
  for await (const lot of lotsOf(rowsOf(run.deployment, input))) {
    if (last !== undefined && mustWait(last, lot)) await Promise.all(underWay);
    if (underWay.size >= LOTS_AT_ONCE) await Promise.race(underWay);
    if (failures.length > 0) break;
    const digit = SHARDS.charAt(lots++ % SHARDS.length);
    const work = importLot(run, lot, digit)
      .then(
        () => {
          rows += lot.length;
          input.onProgress?.({ step: 'import', rows, of });
        },
        (error: unknown) => {
          failures.push(error);
        },
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
    last = lot;
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

/** What the lots of an import share. */
interface Run {
  readonly deployment: Deployment;
  readonly directory: Directory;
  readonly counts: Counts;
  /** Does a part of it, perhaps again. */
  readonly attempt: <T>(work: () => Promise<T>) => Promise<T>;
  /** Of a dry run: it writes nothing. */
  readonly coming: Coming | undefined;
  /** Of whoever writes a counter. */
  readonly turns: Turns;
}

async function importLot(run: Run, lot: Lot, digit: string): Promise<void> {
  const { directory, counts, attempt, coming, turns } = run;
  const apply = coming === undefined;
  if (isOf('User', lot)) {
    const candidates = candidatesOf(lot, digit);
    const outcomes = await attempt(async () =>
      apply
        ? await writeUsers(directory, candidates, turns)
        : (await matchUsers(directory, lot)).map(foreseen),
    );
    const users: readonly UserRow[] = lot;
    for (const [position, row] of users.entries()) {
      const outcome = outcomes[position];
      if (outcome?.outcome !== 'created' && outcome?.outcome !== 'existing') coming?.refuse(row.id);
      counts.user(row, outcome);
    }
  } else if (isOf('Group', lot)) {
    for (const row of lot) {
      const outcome = await attempt(() => (apply ? writeGroup : matchGroup)(directory, row));
      counts.group(row, outcome);
      if (outcome.outcome === 'conflict') {
        coming?.refuse(row.id);
        counts.named(row.members.length);
      } else {
        // A dry run knows the id of a group that is not there when the file has it.
        await importMembers(run, row, outcome.id ?? row.id);
      }
    }
  } else if (isOf('Membership', lot)) {
    for (const row of lot) await importMembers(run, row, row.groupId);
  } else await importConfiguration(run, lot);
}

async function importConfiguration(
  { deployment, directory, coming, counts, attempt }: Run,
  lot: Lot,
): Promise<void> {
  const apply = coming === undefined;
  const { tenant } = directory;
  if (isOf('RoleMapping', lot)) {
    for (const row of lot)
      counts.mapping(
        row,
        await attempt(() => importMapping(deployment, tenant, row, apply, counts.roles.created)),
      );
  } else if (isOf('TenantSettings', lot)) {
    for (const row of lot)
      counts.chosen(row, await attempt(() => importSettings(deployment, tenant, row, apply)));
  }
}

async function importMembers(
  { directory, counts, attempt, coming }: Run,
  row: GroupRow | MembersRow,
  groupId: string | undefined,
): Promise<void> {
  counts.named(row.members.length);
  for (let start = 0; start < row.members.length; start += MEMBERS_IN_A_CHANGE) {
    const members = row.members.slice(start, start + MEMBERS_IN_A_CHANGE);
    const outcome = await attempt(async () => {
      if (coming !== undefined) return foreseeMembers(directory, coming, row, groupId, members);
      return groupId === undefined ? undefined : writeMembers(directory, groupId, members);
    });
    if (outcome === undefined) return counts.conflict(row, `There is no group ${groupId}.`);
    counts.members(row, outcome);
  }
}
