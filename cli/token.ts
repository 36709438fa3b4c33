import {
  type CreatedToken,
  createToken,
  DEFAULT_TOKEN_LIFE_MS,
  listTokens,
  revokeToken,
  rotateToken,
  type TokenInput,
} from '../src/admin/tokens';
import { argument, type CommandCall, type CommandGroup } from './command';
import { durationOption, OVERLAP_OPTION, orderOptions, readOrder } from './credential-options';
import { flushedSentence } from './sentences';
import { momentText } from './shown-text';
import { emphasized, tableText } from './table-text';

const DAY_MS = 86_400_000;

export const TOKEN: CommandGroup = {
  summary: 'the tokens that identity providers present',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'issue a token; it is shown once',
      options: orderOptions(`length of life, as in 90d; ${DEFAULT_TOKEN_LIFE_MS / DAY_MS}d by default`),
      examples: [
        'token create acme --label entra --expires 365d --scope write',
        'token create acme --label audit --scope read',
      ],
      async run(call) {
        const created = await createToken(call.deployment, readOrder(call));
        return { json: created, text: shownOnce(created) };
      },
    },
    list: {
      arguments: ['tenant'],
      summary: "list a tenant's tokens",
      options: {},
      examples: ['token list acme'],
      async run(call) {
        const tokens = await listTokens(call.deployment, { tenantId: argument(call, 0) });
        return { json: tokens, text: tokensText(tokens) };
      },
    },
    rotate: {
      arguments: ['tenant', 'tokenId'],
      summary: 'issue a successor and let the old token expire after an overlap',
      options: OVERLAP_OPTION,
      examples: ['token rotate acme 0aB3dE5fG', 'token rotate acme 0aB3dE5fG --overlap 7d'],
      async run(call) {
        const overlapMs = durationOption(call, 'overlap');
        const rotated = await rotateToken(call.deployment, { ...tokenArguments(call), overlapMs });
        const { cacheFlushed, cacheFlushFailure } = rotated;
        const flushed = [
          ...(cacheFlushFailure === undefined ? [] : [`The gateway was not told: ${cacheFlushFailure}`]),
          ...(cacheFlushed === undefined ? [] : [flushedSentence(cacheFlushed)]),
        ];
        return { json: rotated, text: [shownOnce(rotated), ...flushed].join('\n') };
      },
    },
    revoke: {
      arguments: ['tenant', 'tokenId'],
      summary: 'refuse a token from now on',
      options: {},
      examples: ['token revoke acme 0aB3dE5fG'],
      async run(call) {
        const revoked = await revokeToken(call.deployment, tokenArguments(call));
        return {
          json: revoked,
          text: `Token ${revoked.tokenId} is revoked. ${flushedSentence(revoked.cacheFlushed)}`,
        };
      },
    },
  },
};

/** A tenant's tokens as a table. */
export function tokensText(tokens: Readonly<Awaited<ReturnType<typeof listTokens>>>): string {
  const rows = tokens.map(({ tokenId, label, scope, state, expiresAt, lastUsedAt = 'never' }) => [
    tokenId,
    label,
    scope,
    state,
    momentText(expiresAt),
    momentText(lastUsedAt),
  ]);
  return tableText(['TOKEN', 'LABEL', 'SCOPE', 'STATE', 'EXPIRES', 'LAST USED'], rows);
}

/** Reads `<tenant> <tokenId>`. */
const tokenArguments = (call: CommandCall): TokenInput => ({
  tenantId: argument(call, 0),
  tokenId: argument(call, 1),
});

const shownOnce = ({ baseUrl, token, tokenId, expiresAt }: CreatedToken): string =>
  [
    ...(baseUrl === undefined ? [] : [`Base URL  ${baseUrl}`]),
    `Token     ${emphasized(token)}`,
    `Token id  ${tokenId}`,
    `Expires   ${momentText(expiresAt)}`,
    '',
    'The token is not shown again: paste it into the identity provider now.',
  ].join('\n');
