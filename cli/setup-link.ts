import {
  type CreatedSetupLink,
  createSetupLink,
  DEFAULT_SETUP_LINK_LIFE_MS,
  DEFAULT_SETUP_PERMISSIONS,
  listSetupLinks,
  revokeSetupLink,
  SETUP_PERMISSIONS,
  type SetupPermission,
} from '../src/admin/setup-links';
import { argument, type CommandCall, type CommandGroup, required, UsageError } from './command';
import { durationOption } from './credential-options';
import { momentText } from './shown-text';
import { emphasized, tableText } from './table-text';

const DAY_MS = 86_400_000;

export const SETUP_LINK: CommandGroup = {
  summary: 'links to the page on which a customer connects their identity provider',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'make a link, which is shown once',
      options: {
        for: { type: 'string', value: 'TEXT', help: 'whom it is for, as in "IT of Acme"' },
        expires: {
          type: 'string',
          value: 'TIME',
          help: `length of life, 1h to 30d; ${DEFAULT_SETUP_LINK_LIFE_MS / DAY_MS}d by default`,
        },
        may: {
          type: 'string',
          value: 'LIST',
          help: `what it permits besides looking: ${SETUP_PERMISSIONS.join(', ')}, or none; ${DEFAULT_SETUP_PERMISSIONS.join(',')} by default`,
        },
        roles: {
          type: 'string',
          value: 'LIST',
          help: 'the roles that groups may be given with it, where it permits roles',
        },
      },
      examples: [
        'setup-link create acme --for "IT of Acme"',
        'setup-link create acme --for "IT of Acme" --expires 2d --may credentials,roles,log --roles editor,viewer',
      ],
      async run(call) {
        const created = await createSetupLink(call.deployment, {
          tenantId: argument(call, 0),
          for: required(call, 'for'),
          lifeMs: durationOption(call, 'expires'),
          may: permissions(call),
          roles: listOption(call, 'roles'),
        });
        return { json: created, text: shownOnce(created) };
      },
    },
    list: {
      arguments: ['tenant'],
      summary: "list a tenant's links",
      options: {},
      examples: ['setup-link list acme'],
      async run(call) {
        const links = await listSetupLinks(call.deployment, { tenantId: argument(call, 0) });
        const rows = links.map(({ linkId, state, may, expiresAt, lastUsedAt = 'never', for: whom }) => [
          ...[linkId, state, may.join(',') || 'look', momentText(expiresAt), momentText(lastUsedAt), whom],
        ]);
        const text = tableText(['LINK', 'STATE', 'MAY', 'EXPIRES', 'LAST USED', 'FOR'], rows);
        return { json: links, text };
      },
    },
    revoke: {
      arguments: ['tenant', 'linkId'],
      summary: 'refuse a link from now on; what was made with it stays',
      options: {},
      examples: ['setup-link revoke acme 0aB3dE5fG'],
      async run(call) {
        const revoked = await revokeSetupLink(call.deployment, {
          tenantId: argument(call, 0),
          linkId: argument(call, 1),
        });
        return { json: revoked, text: `Link ${revoked.linkId} is revoked. What was made with it stays.` };
      },
    },
  },
};

/** `none` permits nothing but looking. @throws UsageError */
function permissions(call: CommandCall): readonly SetupPermission[] | undefined {
  if (call.options.may === 'none') return [];
  return listOption(call, 'may')?.map((word) => {
    const known = SETUP_PERMISSIONS.find((permission) => permission === word);
    if (known !== undefined) return known;
    throw new UsageError(
      `--may ${JSON.stringify(word)}: ${SETUP_PERMISSIONS.join(', ')} with commas between, or none, is accepted.`,
    );
  });
}

function listOption({ options }: CommandCall, name: string): readonly string[] | undefined {
  const value = options[name];
  return value === undefined
    ? undefined
    : String(value)
        .split(',')
        .map((word) => word.trim());
}

const shownOnce = ({ url, secret, linkId, expiresAt, may, roles }: CreatedSetupLink): string =>
  [
    url === undefined ? `Secret   ${emphasized(secret)}` : `Link     ${emphasized(url)}`,
    `Link id  ${linkId}`,
    `May      ${may.join(', ') || 'look'}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`,
    `Expires  ${momentText(expiresAt)}`,
    '',
    'It is not shown again: send it to the customer now. Whoever has it has what it permits.',
  ].join('\n');
