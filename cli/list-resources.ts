import { csvLine } from '../src/admin/csv';
import type { Deployment } from '../src/admin/deployment';
import { allGroups, allUsers, type ListedGroup, type ListedUser } from '../src/admin/list-resources';
import type { TenantInput } from '../src/admin/tenants';
import { argument, type Command, UsageError } from './command';
import { tableText } from './table-text';

/** How all resources of a kind are printed. */
interface Printed<Item> {
  readonly read: (deployment: Deployment, input: TenantInput) => Pages<Item>;
  readonly csv: Readonly<Record<string, (item: Item) => string>>;
  readonly text: (items: readonly Item[]) => string;
}

type Pages<Item> = AsyncIterable<readonly Item[]>;

/** Users as a table. */
export const usersText = (users: readonly ListedUser[]): string =>
  tableText(
    ['USERNAME', 'STATE', 'DISPLAYNAME', 'ID'],
    users.map(({ userName = '', active, displayName = '', id }) => [
      userName,
      active ? 'active' : 'inactive',
      displayName,
      id,
    ]),
  );

/** Groups as a table. */
export const groupsText = (groups: readonly ListedGroup[]): string =>
  tableText(
    ['DISPLAYNAME', 'ID', 'EXTERNALID'],
    groups.map(({ displayName = '', id, externalId = '' }) => [displayName, id, externalId]),
  );

const USERS: Printed<ListedUser> = {
  read: allUsers,
  csv: {
    id: ({ id }) => id,
    active: ({ active }) => String(active),
    userName: ({ userName = '' }) => userName,
    displayName: ({ displayName = '' }) => displayName,
    email: ({ emails }) => emails.join(' '),
    externalId: ({ externalId = '' }) => externalId,
    created: ({ created }) => created,
    lastModified: ({ lastModified }) => lastModified,
  },
  text: usersText,
};

const GROUPS: Printed<ListedGroup> = {
  read: allGroups,
  csv: {
    id: ({ id }) => id,
    displayName: ({ displayName = '' }) => displayName,
    externalId: ({ externalId = '' }) => externalId,
    created: ({ created }) => created,
    lastModified: ({ lastModified }) => lastModified,
  },
  text: groupsText,
};

export const LIST_USERS: Command = listing('user', USERS);
export const LIST_GROUPS: Command = listing('group', GROUPS);

function listing<Item>(name: string, printed: Printed<Item>): Command {
  return {
    arguments: ['tenant'],
    summary: `list all ${name}s, as they are read`,
    options: { csv: { type: 'boolean', help: 'print comma-separated values, for a spreadsheet' } },
    examples: [`${name} list acme`, `${name} list acme --csv > acme.csv`],
    async run(call) {
      const { csv, json } = call.options;
      if (csv === true && json === true) throw new UsageError('--csv and --json exclude each other.');
      const pages = printed.read(call.deployment, { tenantId: argument(call, 0) });
      if (json === true) return { lines: jsonLines(pages) };
      return { lines: csv === true ? csvLines(pages, printed) : tableLines(pages, printed) };
    },
  };
}

/** One JSON array, a resource per line. */
async function* jsonLines(pages: Pages<unknown>): AsyncGenerator<string> {
  let before = '[';
  for await (const items of pages) {
    for (const item of items) {
      yield `${before}${JSON.stringify(item)}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]' : ']';
}

async function* csvLines<Item>(pages: Pages<Item>, { csv }: Printed<Item>): AsyncGenerator<string> {
  yield csvLine(Object.keys(csv));
  const cells = Object.values(csv);
  for await (const items of pages)
    for (const item of items) yield csvLine(cells.map((cellOf) => cellOf(item)));
}

/** One heading; the columns are as wide as each page needs, since wider ones cannot be known before all is read. */
async function* tableLines<Item>(pages: Pages<Item>, { text }: Printed<Item>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const items of pages) {
    const table = text(items);
    if (isFirst) yield table;
    else yield table.slice(table.indexOf('\n') + 1);
    isFirst = false;
  }
}
