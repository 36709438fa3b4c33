import { csvLine } from '../src/admin/csv';
import { allUsers, type ListedUser } from '../src/admin/list-users';
import { argument, type Command, UsageError } from './command';
import { tableText } from './table-text';

const HEADING = ['id', 'active', 'userName', 'displayName', 'email', 'externalId', 'created', 'lastModified'];

export const LIST_USERS: Command = {
  arguments: ['tenant'],
  summary: 'list all users, as they are read',
  options: { csv: { type: 'boolean', help: 'print comma-separated values, for a spreadsheet' } },
  examples: ['user list acme', 'user list acme --csv > acme.csv'],
  async run(call) {
    const { csv, json } = call.options;
    if (csv === true && json === true) throw new UsageError('--csv and --json exclude each other.');
    const pages = allUsers(call.deployment, { tenantId: argument(call, 0) });
    return { lines: json === true ? jsonLines(pages) : csv === true ? csvLines(pages) : tableLines(pages) };
  },
};

type Pages = AsyncIterable<readonly ListedUser[]>;

/** One JSON array, a user per line. */
async function* jsonLines(pages: Pages): AsyncGenerator<string> {
  let before = '[';
  for await (const users of pages) {
    for (const user of users) {
      yield `${before}${JSON.stringify(user)}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]' : ']';
}

async function* csvLines(pages: Pages): AsyncGenerator<string> {
  yield csvLine(HEADING);
  for await (const users of pages) for (const user of users) yield csvLine(cellsOf(user));
}

/** One heading; the columns are as wide as each page needs, since wider ones cannot be known before all is read. */
async function* tableLines(pages: Pages): AsyncGenerator<string> {
  let isFirst = true;
  for await (const users of pages) {
    const text = usersText(users);
    if (isFirst) yield text;
    else yield text.slice(text.indexOf('\n') + 1);
    isFirst = false;
  }
}

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

const cellsOf = (user: ListedUser): string[] => [
  user.id,
  String(user.active),
  user.userName ?? '',
  user.displayName ?? '',
  user.emails.join(' '),
  user.externalId ?? '',
  user.created,
  user.lastModified,
];
