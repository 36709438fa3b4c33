import { type FindInput, findGroups, findUsers } from '../src/admin/find';
import type { Part } from '../src/admin/list-resources';
import {
  argument,
  type Command,
  type CommandCall,
  type CommandOption,
  numberOption,
  type Report,
} from './command';
import { groupsText, usersText } from './list-resources';

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
    return reportOf(found, usersText(found.items));
  },
};

export const FIND_GROUP: Command = {
  arguments: ['tenant', 'prefix'],
  summary: 'find groups by how displayName begins',
  options: OPTIONS,
  examples: ['group find acme eng'],
  async run(call) {
    const found = await findGroups(call.deployment, inputOf(call));
    return reportOf(found, groupsText(found.items));
  },
};

function inputOf(call: CommandCall): FindInput {
  const { cursor } = call.options;
  return {
    tenantId: argument(call, 0),
    prefix: argument(call, 1),
    limit: numberOption(call, 'limit'),
    after: typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : undefined,
  };
}

/** The place where a search goes on holds a name; as a cursor it is one word for the shell. */
function reportOf({ items, next }: Part<unknown>, table: string): Report {
  const nextCursor = next === undefined ? undefined : Buffer.from(next).toString('base64url');
  const more = nextCursor === undefined ? [] : [`There are more: --cursor ${nextCursor}`];
  return {
    json: { items, nextCursor },
    text:
      items.length === 0
        ? 'Nobody is found. Names are compared from their beginning, without case.'
        : [table, ...more].join('\n'),
  };
}
