import type { Connection } from '../src/admin/connection';
import { type ShownTelling, type ShownTenant, showTenant } from '../src/admin/show-tenant';
import { clientsText } from './client';
import { argument, type Command } from './command';
import { rateText } from './rate-text';
import { settingsText } from './settings-text';
import { factsText, momentText } from './shown-text';
import { emphasized } from './table-text';
import { tokensText } from './token';

export const SHOW_TENANT: Command = {
  arguments: ['tenant'],
  summary: 'tell how it stands with a tenant: connection, tokens, counts, settings',
  options: {},
  examples: ['tenant show acme', 'tenant show acme --stack Scim --json'],
  async run(call) {
    const shown = await showTenant(call.deployment, { tenantId: argument(call, 0) });
    return { json: shown, text: textOf(shown) };
  },
};

const textOf = ({
  connection,
  tokens,
  clients,
  counts,
  settings,
  telling,
  rate,
  ...tenant
}: ShownTenant): string =>
  [
    factsText([
      ['Tenant', tenant.tenantId],
      ['Name', tenant.name],
      ...connectionFacts(connection),
      ['Other stores', telling && tellingText(telling)],
      ['Users', String(counts.users)],
      ['Groups', String(counts.groups)],
      ['Limit', rate === undefined ? undefined : rateText(rate)],
      ['Created', momentText(tenant.createdAt)],
    ]),
    tokens.length === 0 ? `${emphasized('Tokens')}: none` : tokensText(tokens),
    ...(clients.length === 0 ? [] : [clientsText(clients)]),
    settingsText(settings),
  ].join('\n\n');

const tellingText = ({ since, notifiedUsers, usersLeft }: ShownTelling): string =>
  `told of ${notifiedUsers} users since ${momentText(since)}, about ${usersLeft} are left`;

const connectionFacts = ({
  name,
  meaning,
  advice,
  lastRequestAt,
  lastRefusal,
}: Connection): [string, string | undefined][] => [
  ['Connection', `${name}: ${meaning}`],
  ['To do', advice],
  ['Last request', lastRequestAt === undefined ? 'never' : momentText(lastRequestAt)],
  ['Last refusal', lastRefusal === undefined ? 'none within 30 days' : refusalText(lastRefusal)],
  ['', lastRefusal?.detail],
  ['To do', lastRefusal?.advice],
];

function refusalText(refusal: NonNullable<Connection['lastRefusal']>): string {
  const { time, method, route, status, scimType, actor, resourceId, count = 1 } = refusal;
  const parts = [
    momentText(time),
    method,
    route,
    status === undefined ? undefined : String(status),
    scimType,
    resourceId,
    actor,
    count === 1 ? undefined : `${count} times`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}
