import { type Counted, type NamedGroup, type ShownGroup, showGroup } from '../src/admin/show-group';
import { argument, type Command } from './command';
import { entriesText } from './log';
import { restorableText } from './show-user';
import { factsText, momentText, partText } from './shown-text';

export const SHOW_GROUP: Command = {
  arguments: ['tenant', 'group'],
  summary: 'tell members, groups in it and above it, roles and last log entries of one group',
  options: {},
  examples: ['group show acme Engineering', 'group show acme e9e30dba-f08f-4109-8486-d5c6a331660a --json'],
  async run(call) {
    const group = await showGroup(call.deployment, {
      tenantId: argument(call, 0),
      groupId: argument(call, 1),
    });
    return { json: group, text: textOf(group) };
  },
};

function textOf(group: ShownGroup): string {
  const users = group.users.first.map(({ id, userName, active }) => [
    userName,
    active ? 'active' : 'inactive',
    id,
  ]);
  return [
    factsOf(group),
    partText('Users in it', ['USERNAME', 'STATE', 'ID'], users, group.users.total),
    groupsText('Groups in it', group.groups),
    groupsText('Groups that it is in', group.memberOf),
    partText(
      'Roles',
      ['ROLE', 'NAMED BY'],
      group.roles.map(({ role, by }) => [role, by]),
    ),
    group.log.length === 0
      ? partText('Last entries of the log', [], [])
      : entriesText(group.log, namesIn(group)),
  ].join('\n\n');
}

/** Names of the group and of those that are shown with it. */
const namesIn = ({ id, displayName = '', groups, memberOf }: ShownGroup): ReadonlyMap<string, string> =>
  new Map([
    [id, displayName],
    ...[...groups.first, ...memberOf.first].map((group) => [group.id, group.displayName] as const),
  ]);

const groupsText = (title: string, { first, total }: Counted<NamedGroup>): string =>
  partText(
    title,
    ['GROUP', 'ID'],
    first.map(({ id, displayName }) => [displayName, id]),
    total,
  );

const factsOf = (group: ShownGroup): string =>
  factsText([
    ['Group', group.id],
    ['State', group.state],
    ['displayName', group.displayName],
    ['externalId', group.externalId],
    ['Created', group.created && momentText(group.created)],
    ['Modified', group.lastModified && `${momentText(group.lastModified)}, version ${group.version}`],
    ['Deleted', group.deletedAt && momentText(group.deletedAt)],
    ['Restorable', group.state === 'deleted' ? restorableText(group.restorableUntil) : undefined],
    ['Pending', group.pending.map(({ work, since }) => `${work} since ${momentText(since)}`).join(', ')],
  ]);
