import { readTenantId } from '../src/directory/tenants/tenants';
import { type Token, type TokenScope, tokenState } from '../src/directory/tenants/token-item';
import {
  type IssuedToken,
  issueToken,
  listTokens,
  revokeToken,
  rotateToken,
} from '../src/directory/tenants/tokens';
import { argument, type CommandGroup, type Report, required, type Target, UsageError } from './command';
import { parseDuration } from './duration';
import { flushAuthorizers } from './flush';
import { emphasized, tableText } from './table-text';

const DEFAULT_LIFE = '365d';
const DEFAULT_OVERLAP = '24h';
/** No gateway caches an answer for longer: the most that `authorizerCacheSeconds` takes. */
const MAX_CACHE_MS = 3_600_000;

export const TOKEN: CommandGroup = {
  summary: 'the tokens that identity providers present',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'issue a token; it is shown once',
      options: {
        label: { type: 'string', value: 'TEXT', help: 'what it is for, as in entra' },
        expires: {
          type: 'string',
          value: 'TIME',
          help: `length of life, as in 90d; ${DEFAULT_LIFE} by default`,
        },
        scope: { type: 'string', value: 'SCOPE', help: 'read or write (default)' },
      },
      examples: [
        'token create acme --label entra --expires 365d --scope write',
        'token create acme --label audit --scope read',
      ],
      async run(call) {
        const life = parseDuration(String(call.options.expires ?? DEFAULT_LIFE));
        const issued = await issueToken(call.target.table, {
          tenant: readTenantId(argument(call, 0)),
          label: required(call, 'label'),
          scope: readScope(call.options.scope),
          expiresAt: new Date(Date.now() + life),
        });
        return shownOnce(call.target, issued);
      },
    },
    list: {
      arguments: ['tenant'],
      summary: "list a tenant's tokens",
      options: {},
      examples: ['token list acme'],
      async run(call) {
        const tokens = await listTokens(call.target.table, readTenantId(argument(call, 0)));
        const now = new Date();
        const rows = tokens.map((token) => rowOf(token, now));
        return {
          json: tokens.map((token) => ({ ...shown(token), state: tokenState(token, now) })),
          text: tableText(['TOKEN', 'LABEL', 'SCOPE', 'STATE', 'EXPIRES', 'LAST USED'], rows),
        };
      },
    },
    rotate: {
      arguments: ['tenant', 'tokenId'],
      summary: 'issue a successor and let the old token expire after an overlap',
      options: {
        overlap: {
          type: 'string',
          value: 'TIME',
          help: `how long both are accepted; ${DEFAULT_OVERLAP} by default`,
        },
      },
      examples: ['token rotate acme 0aB3dE5fG', 'token rotate acme 0aB3dE5fG --overlap 7d'],
      async run(call) {
        const overlapMs = parseDuration(String(call.options.overlap ?? DEFAULT_OVERLAP));
        const tenant = readTenantId(argument(call, 0));
        const issued = await rotateToken(call.target.table, tenant, argument(call, 1), { overlapMs });
        const report = shownOnce(call.target, issued);
        if (overlapMs >= MAX_CACHE_MS) return report;
        // What the gateway remembers of the old token has the end that it had before.
        return { ...report, text: `${report.text}\n${await flushAuthorizers(call.target)}` };
      },
    },
    revoke: {
      arguments: ['tenant', 'tokenId'],
      summary: 'refuse a token from now on',
      options: {},
      examples: ['token revoke acme 0aB3dE5fG'],
      async run(call) {
        const tenant = readTenantId(argument(call, 0));
        const token = await revokeToken(call.target.table, tenant, argument(call, 1));
        return {
          json: token,
          text: `Token ${token.tokenId} is revoked. ${await flushAuthorizers(call.target)}`,
        };
      },
    },
  },
};

function readScope(scope: string | boolean | undefined): TokenScope {
  if (scope === undefined || scope === 'write') return 'write';
  if (scope === 'read') return 'read';
  throw new UsageError(`--scope ${String(scope)}: read or write is accepted.`);
}

function shownOnce({ baseUrl }: Target, { text, token }: IssuedToken): Report {
  const lines = [
    ...(baseUrl === undefined ? [] : [`Base URL  ${baseUrl}`]),
    `Token     ${emphasized(text)}`,
    `Token id  ${token.tokenId}`,
    `Expires   ${dateText(token.expiresAt)}`,
    '',
    'The token is not shown again: paste it into the identity provider now.',
  ];
  return { json: { ...shown(token), token: text, baseUrl }, text: lines.join('\n') };
}

/** A token as programs get it: every time in one form. */
const shown = (token: Token) => ({ ...token, expiresAt: new Date(token.expiresAt * 1000).toISOString() });

const rowOf = (token: Token, now: Date): string[] => [
  token.tokenId,
  token.label,
  token.scope,
  tokenState(token, now),
  dateText(token.expiresAt),
  token.lastUsedAt ?? 'never',
];

const dateText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
