import { type ShownUser, showUser } from '../src/admin/show-user';
import type { Command } from './command';
import { entriesText } from './log';
import { factsText, momentText, partText } from './shown-text';
import { userArguments } from './user-arguments';

export const SHOW_USER: Command = {
  arguments: ['tenant', 'user'],
  summary: 'tell state, groups, roles, sessions, last log entries and pending work of one user',
  options: {},
  examples: ['user show acme jane@example.com', 'user show acme 2819c223-7f76-453a-919d-413861904646 --json'],
  async run(call) {
    const user = await showUser(call.deployment, userArguments(call));
    return { json: user, text: textOf(user) };
  },
};

function textOf(user: ShownUser): string {
  const groups = user.groups.map(({ id, displayName, type }) => [displayName, type, id]);
  const roles = user.roles.flatMap(({ role, from }) =>
    from.map(({ id, displayName, by }) => [role, displayName, by, id]),
  );
  const sessions = user.sessions.map(({ sessionId, createdAt, lastSeenAt, label = '' }) => [
    sessionId,
    momentText(createdAt.toISOString()),
    momentText(lastSeenAt.toISOString()),
    label,
  ]);
  return [
    factsOf(user),
    partText('Groups', ['GROUP', 'MEMBER', 'ID'], groups) +
      (user.hasMoreGroups
        ? '\nThere are more groups than could be followed: roles may be missing, too.'
        : ''),
    partText(rolesTitle(user), ['ROLE', 'BY GROUP', 'NAMED BY', 'ID'], roles),
    partText('Sessions', ['SESSION', 'CREATED', 'LAST SEEN', 'LABEL'], sessions),
    user.log.length === 0 ? partText('Last entries of the log', [], []) : entriesText(user.log),
  ].join('\n\n');
}

function factsOf(user: ShownUser): string {
  const isSuspended = user.tenantStatus === 'suspended';
  return factsText([
    ['User', user.id],
    [
      'State',
      isSuspended ? `${user.state}; the tenant is suspended, so nobody of it has access` : user.state,
    ],
    ['userName', user.userName],
    ['displayName', user.displayName],
    ['E-mail', user.emails.join(', ')],
    ['externalId', user.externalId],
    ['appId', user.appId],
    ['Created', user.created && momentText(user.created)],
    ['Modified', user.lastModified && `${momentText(user.lastModified)}, version ${user.version}`],
    ['Protected', user.protectedSince && `since ${momentText(user.protectedSince)}`],
    ['Deleted', user.deletedAt && momentText(user.deletedAt)],
    ['Restorable', user.state === 'deleted' ? restorableText(user.restorableUntil) : undefined],
    ['Pending', user.pending.map(({ work, since }) => `${work} since ${momentText(since)}`).join(', ')],
  ]);
}

/** Until when what is deleted can be put back. */
export const restorableText = (until: string | undefined): string =>
  until === undefined ? 'no, nothing was kept' : `until ${momentText(until)}`;

const rolesTitle = ({ state, tenantStatus }: ShownUser): string =>
  state === 'active' && tenantStatus === 'active' ? 'Roles' : 'Roles, without effect at present';
