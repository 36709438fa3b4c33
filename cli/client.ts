import {
  type ClientInput,
  type CreatedClient,
  createClient,
  DEFAULT_SECRET_LIFE_MS,
  listClients,
  removeTrust,
  revokeClient,
  rotateClient,
  type ShownClient,
  showClient,
  trustIssuer,
} from '../src/admin/clients';
import { visibleText } from '../src/scim/visible-text';
import { argument, type CommandCall, type CommandGroup, required, UsageError } from './command';
import { durationOption, OVERLAP_OPTION, orderOptions, readOrder } from './credential-options';
import { flushedSentence } from './sentences';
import { momentText } from './shown-text';
import { emphasized, tableText } from './table-text';

const DAY_MS = 86_400_000;
const VALUES_OF_TRUST = ['issuer', 'subject', 'audience', 'jwks', 'end-secrets'];

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
    show: {
      arguments: ['tenant', 'clientId'],
      summary: 'show a client, its secrets and whom it trusts',
      options: {},
      examples: ['client show acme scimclient_0aB3dE5fG7hI9jK1m'],
      async run(call) {
        const client = await showClient(call.deployment, clientArguments(call));
        return { json: client, text: clientText(client) };
      },
    },
    rotate: {
      arguments: ['tenant', 'clientId'],
      summary: 'give a client another secret and let the one beside it end after an overlap',
      options: {
        ...OVERLAP_OPTION,
        replace: {
          type: 'string',
          value: 'SECRET',
          help: 'id of the secret that ends now: of two, the one that was lost or is not used any more',
        },
      },
      examples: [
        'client rotate acme scimclient_0aB3dE5fG7hI9jK1m --overlap 7d',
        'client rotate acme scimclient_0aB3dE5fG7hI9jK1m --replace 4kLmN8pQr',
      ],
      async run(call) {
        const overlapMs = durationOption(call, 'overlap');
        const { replace } = call.options;
        const rotated = await rotateClient(call.deployment, {
          ...clientArguments(call),
          overlapMs,
          ...(typeof replace === 'string' ? { replace } : {}),
        });
        return { json: rotated, text: shownOnce(rotated) };
      },
    },
    trust: {
      arguments: ['tenant', 'clientId'],
      summary: "take an issuer's signed assertions in place of a secret (workload identity federation)",
      options: {
        issuer: {
          type: 'string',
          value: 'TEXT',
          help: 'the claim iss, exactly as the page of the issuer shows it',
        },
        subject: { type: 'string', value: 'TEXT', help: 'the claim sub, likewise' },
        audience: { type: 'string', value: 'TEXT', help: 'the claim aud, likewise' },
        jwks: { type: 'string', value: 'URL', help: "where the issuer's public keys are" },
        'end-secrets': { type: 'boolean', help: "end the client's secrets now" },
        remove: { type: 'boolean', help: 'trust nobody any more' },
      },
      examples: [
        'client trust acme scimclient_0aB3dE5fG7hI9jK1m --issuer https://login.microsoftonline.com/…/v2.0 --subject … --audience … --jwks https://login.microsoftonline.com/…/discovery/v2.0/keys',
        'client trust acme scimclient_0aB3dE5fG7hI9jK1m --remove',
      ],
      async run(call) {
        const client = await changeTrust(call);
        return { json: client, text: clientText(client) };
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

/** A tenant's clients as a table: a row per secret that is accepted and per trust, or one for a client without. */
export function clientsText(clients: readonly ShownClient[]): string {
  const rows = clients.flatMap(({ clientId, label, scope, state, secrets, trust, lastUsedAt = 'never' }) => {
    const credentials = [
      ...secrets.map(({ secretId, hint, ...secret }) => ({ ...secret, name: `${secretId} …${hint}` })),
      ...(trust === undefined ? [] : [{ name: 'trust', expiresAt: 'never', lastUsedAt: trust.lastUsedAt }]),
    ];
    const shown = credentials.length === 0 ? [{ name: '-', expiresAt: '-', lastUsedAt: '-' }] : credentials;
    return shown.map(({ name, expiresAt, lastUsedAt: usedAt = 'never' }) => [
      ...[clientId, label, scope, state, momentText(lastUsedAt)],
      ...[name, momentText(expiresAt), momentText(usedAt)],
    ]);
  });
  return tableText(
    ['CLIENT', 'LABEL', 'SCOPE', 'STATE', 'LAST REQUEST', 'CREDENTIAL', 'ENDS', 'LAST TOKEN'],
    rows,
  );
}

/** One client with all there is to say of it. */
function clientText(client: ShownClient): string {
  const { trust } = client;
  if (trust === undefined) return clientsText([client]);
  return [
    clientsText([client]),
    '',
    `Trusts since ${momentText(trust.createdAt)} assertions of:`,
    `Issuer      ${visibleText(trust.issuer)}`,
    `Subject     ${visibleText(trust.subject)}`,
    `Audience    ${visibleText(trust.audience)}`,
    `Keys        ${visibleText(trust.jwks)}`,
    `Last token  ${momentText(trust.lastUsedAt ?? 'never')}`,
  ].join('\n');
}

/** @throws UsageError */
function changeTrust(call: CommandCall): Promise<ShownClient> {
  const { remove, 'end-secrets': endSecrets } = call.options;
  if (remove !== true) {
    const trust = {
      issuer: required(call, 'issuer'),
      subject: required(call, 'subject'),
      audience: required(call, 'audience'),
      jwks: required(call, 'jwks'),
    };
    return trustIssuer(call.deployment, {
      ...clientArguments(call),
      ...trust,
      endSecrets: endSecrets === true,
    });
  }
  const others = Object.keys(call.options).filter((name) => VALUES_OF_TRUST.includes(name));
  if (others.length > 0) throw new UsageError(`--remove and --${others[0]} contradict each other.`);
  return removeTrust(call.deployment, clientArguments(call));
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
    `Expires         ${momentText(secrets[0]?.expiresAt ?? '')}`,
    '',
    'The secret is not shown again: paste it into the identity provider now.',
  ].join('\n');
