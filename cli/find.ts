import { type FindInput, findGroups, findUsers } from '../src/admin/find';
import { argument, type Command, type CommandCall, type CommandOption, numberOption } from './command';
import { usersText } from './list-users';
import { tableText } from './table-text';

const OPTIONS: Readonly<Record<string, CommandOption>> = {
  limit: { type: 'string', value: 'N', help: 'so many at most; 20 otherwise' },
  cursor: { type: 'string', value: 'CURSOR', help: 'the page that follows, as the page before it says' },
};

export const FIND_USER: Command = {
  arguments: ['tenant', 'prefix'],
  summary: 'find users by how userName, e-mail address or displayName begins',
  options: OPTIONS,
  examples: ['user find acme jane@', 'user find acme "Jane D" --limit 5 --json'],
  async run(call) {
    const found = await findUsers(call.deployment, inputOf(call));
    return { json: found, text: textOf(found.users.length, usersText(found.users), found.next) };
  },
};

export const FIND_GROUP: Command = {
  arguments: ['tenant', 'prefix'],
  summary: 'find groups by how displayName begins',
  options: OPTIONS,
  examples: ['group find acme eng'],
  async run(call) {
    const found = await findGroups(call.deployment, inputOf(call));
    const rows = found.groups.map(({ id, displayName = '', externalId = '' }) => [
      displayName,
      id,
      externalId,
    ]);
    const table = tableText(['DISPLAYNAME', 'ID', 'EXTERNALID'], rows);
    return { json: found, text: textOf(rows.length, table, found.next) };
  },
};

function inputOf(call: CommandCall): FindInput {
  const { cursor } = call.options;
  return {
    tenantId: argument(call, 0),
    prefix: argument(call, 1),
    limit: numberOption(call, 'limit'),
    cursor: typeof cursor === 'string' ? cursor : undefined,
  };
}

function textOf(count: number, table: string, next: string | undefined): string {
  if (count === 0) return 'Nobody is found. Names are compared from their beginning, without case.';
  return next === undefined ? table : `${table}\nThere are more: --cursor ${next}`;
}
