import { type ShownMembership, type ShownUser, showUser } from '../src/admin/show-user';
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
  const groups = user.groups.map((group) => [group.displayName, wayText(group), group.id]);
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
    user.log.length === 0
      ? partText('Last entries of the log', [], [])
      : entriesText(user.log, namesIn(user)),
  ].join('\n\n');
}

/** Names of the user and of the groups of theirs. */
const namesIn = ({ id, userName = '', groups }: ShownUser): ReadonlyMap<string, string> =>
  new Map([[id, userName], ...groups.map((group) => [group.id, group.displayName] as const)]);

/** How somebody is in a group, as in "direct, and through Backend". */
function wayText({ type, through }: ShownMembership): string {
  const groups = through.map(({ id, displayName }) => displayName || id).join(', ');
  if (type === 'indirect') return `through ${groups}`;
  return groups === '' ? 'direct' : `direct, and through ${groups}`;
}

/** As in "inactive since 2026-11-25T10:03:12Z, by token:kX2abCdEf (entra)". */
function stateText({ state, stateSince: since, tenantStatus }: ShownUser): string {
  const label = since?.label === undefined ? '' : ` (${since.label})`;
  const told =
    since === undefined
      ? state
      : `${state} since ${momentText(since.time)}, by ${since.actor ?? '?'}${label}`;
  return tenantStatus === 'suspended' ? `${told}; the tenant is suspended, so nobody of it has access` : told;
}

function factsOf(user: ShownUser): string {
  return factsText([
    ['User', user.id],
    ['State', stateText(user)],
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
