import {
  type ClientInput,
  type CreatedClient,
  createClient,
  DEFAULT_SECRET_LIFE_MS,
  listClients,
  revokeClient,
  rotateClient,
  type ShownClient,
} from '../src/admin/clients';
import { argument, type CommandCall, type CommandGroup } from './command';
import { durationOption, OVERLAP_OPTION, orderOptions, readOrder } from './credential-options';
import { flushedSentence } from './sentences';
import { dateText, emphasized, tableText } from './table-text';

const DAY_MS = 86_400_000;

export const CLIENT: CommandGroup = {
  summary: 'OAuth clients: identity providers that get themselves short-lived tokens',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'make a client with a secret, which is shown once',
      options: orderOptions(
        `length of life of its secret, at most 3 years; ${DEFAULT_SECRET_LIFE_MS / DAY_MS}d by default`,
      ),
      examples: ['client create acme --label entra --expires 730d'],
      async run(call) {
        const created = await createClient(call.deployment, readOrder(call));
        return { json: created, text: shownOnce(created) };
      },
    },
    list: {
      arguments: ['tenant'],
      summary: "list a tenant's clients and their secrets",
      options: {},
      examples: ['client list acme'],
      async run(call) {
        const clients = await listClients(call.deployment, { tenantId: argument(call, 0) });
        return { json: clients, text: clientsText(clients) };
      },
    },
    rotate: {
      arguments: ['tenant', 'clientId'],
      summary: 'give a client a second secret and let the first one end after an overlap',
      options: OVERLAP_OPTION,
      examples: ['client rotate acme scimclient_0aB3dE5fG7hI9jK1m --overlap 7d'],
      async run(call) {
        const overlapMs = durationOption(call, 'overlap');
        const rotated = await rotateClient(call.deployment, { ...clientArguments(call), overlapMs });
        return { json: rotated, text: shownOnce(rotated) };
      },
    },
    revoke: {
      arguments: ['tenant', 'clientId'],
      summary: 'refuse a client and all its access tokens from now on',
      options: {},
      examples: ['client revoke acme scimclient_0aB3dE5fG7hI9jK1m'],
      async run(call) {
        const revoked = await revokeClient(call.deployment, clientArguments(call));
        return {
          json: revoked,
          text: `Client ${revoked.clientId} is revoked. ${flushedSentence(revoked.cacheFlushed)}`,
        };
      },
    },
  },
};

/** A tenant's clients as a table: a row per secret that is accepted, or one for a client without any. */
export function clientsText(clients: readonly ShownClient[]): string {
  const rows = clients.flatMap(({ clientId, label, scope, state, secrets, lastUsedAt = 'never' }) => {
    const shown = secrets.length === 0 ? [{ hint: '-', expiresAt: '-', lastUsedAt: '-' }] : secrets;
    return shown.map(({ hint, expiresAt, lastUsedAt: usedAt = 'never' }) => [
      ...[clientId, label, scope, state, lastUsedAt],
      ...[hint === '-' ? hint : `…${hint}`, dateText(expiresAt), usedAt],
    ]);
  });
  return tableText(
    ['CLIENT', 'LABEL', 'SCOPE', 'STATE', 'LAST REQUEST', 'SECRET', 'ENDS', 'LAST TOKEN'],
    rows,
  );
}

/** Reads `<tenant> <clientId>`. */
const clientArguments = (call: CommandCall): ClientInput => ({
  tenantId: argument(call, 0),
  clientId: argument(call, 1),
});

const shownOnce = ({ baseUrl, tokenUrl, clientId, clientSecret, secrets }: CreatedClient): string =>
  [
    ...(baseUrl === undefined ? [] : [`Tenant URL      ${baseUrl}`]),
    ...(tokenUrl === undefined ? [] : [`Token endpoint  ${tokenUrl}`]),
    `Client id       ${clientId}`,
    `Client secret   ${emphasized(clientSecret)}`,
    `Expires         ${dateText(secrets[0]?.expiresAt ?? '')}`,
    '',
    'The secret is not shown again: paste it into the identity provider now.',
  ].join('\n');
