import type { Deployment } from '../src/admin/deployment';
import { DEFAULT_LIMIT, type FindInput, type FoundDeleted, findGroups, findUsers } from '../src/admin/find';
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
import { momentText } from './shown-text';
import { tableText } from './table-text';

const OPTIONS: Readonly<Record<string, CommandOption>> = {
  limit: { type: 'string', value: 'N', help: 'so many at most; 20 otherwise' },
  cursor: { type: 'string', value: 'CURSOR', help: 'the page that follows, as the page before it says' },
  deleted: { type: 'boolean', help: 'those that are deleted and can be put back; looks through all of them' },
};

export const FIND_USER: Command = {
  arguments: ['tenant', 'prefix'],
  summary: 'find users by how userName, e-mail address or displayName begins',
  options: OPTIONS,
  examples: [
    'user find acme jane@',
    'user find acme "Jane D" --limit 5 --json',
    'user find acme jane@ --deleted',
  ],
  async run(call) {
    const input = inputOf(call);
    const found = await enough(findUsers, call.deployment, input);
    if (input.deleted !== true) return reportOf(found, usersText(found.items));
    const rows = found.items.map((user) => [
      user.userName ?? '',
      ...timesOf(user),
      user.displayName ?? '',
      user.id,
    ]);
    return reportOf(found, tableText(['USERNAME', ...TIMES, 'DISPLAYNAME', 'ID'], rows));
  },
};

export const FIND_GROUP: Command = {
  arguments: ['tenant', 'prefix'],
  summary: 'find groups by how displayName begins',
  options: OPTIONS,
  examples: ['group find acme eng', 'group find acme eng --deleted'],
  async run(call) {
    const input = inputOf(call);
    const found = await enough(findGroups, call.deployment, input);
    if (input.deleted !== true) return reportOf(found, groupsText(found.items));
    const rows = found.items.map((group) => [
      group.displayName ?? '',
      ...timesOf(group),
      group.id,
      group.externalId ?? '',
    ]);
    return reportOf(found, tableText(['DISPLAYNAME', ...TIMES, 'ID', 'EXTERNALID'], rows));
  },
};

const TIMES = ['DELETED', 'RESTORABLE UNTIL'];

const timesOf = ({ deletedAt = '', restorableUntil = '' }: FoundDeleted): string[] => [
  momentText(deletedAt),
  momentText(restorableUntil),
];

/** As many as were asked for, or all that there are: a page of what is deleted may be empty and not the last one. */
async function enough<Item>(
  find: (deployment: Deployment, input: FindInput) => Promise<Part<Item>>,
  deployment: Deployment,
  input: FindInput,
): Promise<Part<Item>> {
  const items: Item[] = [];
  let limit = input.limit;
  for (let after = input.after; ; ) {
    const part: Part<Item> = await find(deployment, { ...input, limit, after });
    items.push(...part.items);
    if (input.deleted !== true || part.next === undefined || items.length >= (input.limit ?? DEFAULT_LIMIT))
      return { items, ...(part.next === undefined ? {} : { next: part.next }) };
    limit = (input.limit ?? DEFAULT_LIMIT) - items.length;
    after = part.next;
  }
}

function inputOf(call: CommandCall): FindInput {
  const { cursor, deleted } = call.options;
  return {
    tenantId: argument(call, 0),
    prefix: argument(call, 1),
    limit: numberOption(call, 'limit'),
    after: typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : undefined,
    deleted: deleted === true,
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
        ? 'Nobody is found. Names are compared from their beginning, without case; --deleted looks among those who are deleted.'
        : [table, ...more].join('\n'),
  };
}
