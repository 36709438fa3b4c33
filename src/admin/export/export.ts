import type { Directory } from '../../directory/resources/directory';
import { fromItem, type StoredGroup, type StoredUser } from '../../directory/resources/items';
import { resourcePartition, resourceSortKey, SHARDS } from '../../directory/table/keys';
import { createRegistry } from '../../scim/schema/registry';
import type { Deployment } from '../deployment';
import type { FileFormat } from '../import/rows';
import { directoryOf, type TenantInput } from '../tenants';
import { type Configuration, configurationLines } from './configuration';
import { csvFormOf } from './csv-form';
import type { Exported, ExportForm } from './form';
import { jsonFormOf } from './json-form';
import { membershipsIn } from './memberships';

/** What is to be exported. */
export interface ExportInput extends TenantInput {
  readonly format: FileFormat;
  /** A part of it; CSV has one table, which is that of the users unless it is told. */
  readonly only?: Exported;
}

/** Some lines of an export, without the end of the last. */
export interface ExportedLines {
  readonly text: string;
  /** What is in them. */
  readonly of: Exported | Configuration;
  readonly count: number;
}

/** Members in a line of JSON: an import adds so many by one change of the group. */
export const MEMBERS_IN_A_LINE = 1_000;

/**
 * Exports the users, groups and memberships of a tenant, page by page, and what was chosen for it: what it holds in
 * memory does not depend on how many there are (of users, 50 of each of the 16 first digits). What was written before
 * is in it, strongly consistent; what is written meanwhile may be or not.
 *
 * @throws AdminError notFound for the tenant
 * @example
 * const lines = exportTenant(deployment, { tenantId: 'acme', format: 'jsonl' });
 * for await (const { text } of lines) file.write(`${text}\n`);
 */
export async function* exportTenant(
  deployment: Deployment,
  input: ExportInput,
): AsyncGenerator<ExportedLines> {
  const { registry = createRegistry() } = deployment;
  const directory = await directoryOf(deployment, input);
  const only = input.only ?? (input.format === 'csv' ? 'users' : undefined);
  const form = input.format === 'csv' ? csvFormOf(registry, only ?? 'users') : jsonFormOf(registry);
  const isWanted = (of: Exported) => only === undefined || only === of;
  if (form.heading !== undefined) yield lines('users', form.heading, 0);
  if (isWanted('users')) {
    for await (const users of usersInTurns(directory)) yield lines('users', users.map(form.user));
  }
  if (isWanted('groups')) {
    for await (const groups of groupPages(directory)) yield lines('groups', groups.map(form.group));
  }
  if (isWanted('members')) {
    for await (const groups of groupPages(directory)) yield* memberLines(directory, groups, form);
  }
  if (only !== undefined) return;
  for (const { of, text } of await configurationLines(directory)) yield { of, text, count: 1 };
}

async function* memberLines(
  directory: Directory,
  groups: readonly StoredGroup[],
  form: ExportForm,
): AsyncGenerator<ExportedLines> {
  for await (const { groupId, members } of membershipsIn(directory, groups)) {
    const all: string[] = [];
    for (let start = 0; start < members.length; start += MEMBERS_IN_A_LINE)
      all.push(...form.members({ groupId, members: members.slice(start, start + MEMBERS_IN_A_LINE) }));
    if (all.length > 0) yield lines('members', all, members.length);
  }
}

const lines = (of: Exported, all: readonly string[], count = all.length): ExportedLines => ({
  of,
  text: all.join('\n'),
  count,
});

/** As many as an import writes at once. */
const USERS_IN_A_TURN = 50;

/**
 * All users, some at once: in turns of those whose ids begin with 0, with 1, … with f, and again, in the order of their
 * ids within each. Those of one first digit share a counter, which two transactions must not write at once: an import
 * of such a file has several under way.
 */
async function* usersInTurns({ table, tenant }: Directory): AsyncGenerator<StoredUser[]> {
  let digits = [...SHARDS].map((digit) => {
    const from = resourceSortKey('User', digit);
    const sk = { from, to: `${from}~` };
    return table.pages({ pk: resourcePartition(tenant), sk, limit: USERS_IN_A_TURN });
  });
  while (digits.length > 0) {
    const turns = await Promise.all(digits.map((pages) => pages.next()));
    for (const { value: items = [] } of turns) {
      const users = [...items].map((item) => fromItem('User', item));
      if (users.length > 0) yield users;
    }
    digits = digits.filter((_, position) => turns[position]?.done !== true);
  }
}

/** All groups in the order of their ids, some at once; no empty pages. */
async function* groupPages({ table, tenant }: Directory): AsyncGenerator<StoredGroup[]> {
  const query = { pk: resourcePartition(tenant), sk: { prefix: resourceSortKey('Group', '') } };
  for await (const items of table.pages(query)) {
    if (items.length > 0) yield items.map((item) => fromItem('Group', item));
  }
}
