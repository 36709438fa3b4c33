import { compareRestored, endRestoredSessions, type RestoredAccess } from '../src/admin/restore';
import { argument, type CommandGroup, UsageError } from './command';
import { everyFewSeconds } from './progress';
import { flushedSentence } from './sentences';
import { tableText } from './table-text';

export const RESTORE: CommandGroup = {
  summary: 'a table that was restored from a backup (docs/restore.md)',
  commands: {
    'end-sessions': {
      arguments: ['[table]'],
      summary: 'end all sessions and access tokens that the restored state brings back',
      options: {
        'restored-at': {
          type: 'string',
          value: 'TIME',
          help: 'when it was restored, for a copy that DynamoDB did not restore; the same when repeated',
        },
      },
      examples: ['restore end-sessions Scim-DataTable-restored --stack Scim'],
      async run({ deployment, arguments: [tableName], options, progress }) {
        const given = options['restored-at'];
        const tell = everyFewSeconds(progress);
        const done = await endRestoredSessions(deployment, {
          tableName,
          restoredAt: given === undefined ? undefined : readTime(String(given)),
          onProgress: (scan) => tell(scan, `${scan.users} users`),
        });
        const { restoredAt, tenants, users, sessions } = done;
        return {
          json: done,
          text: `Sessions and access tokens from before ${restoredAt}, and those with epochs reached since the backup, are dead: the epochs of ${tenants} tenants and ${users} users were raised, ${sessions} stored sessions removed. Had this been interrupted, the same command would go on.`,
        };
      },
    },
    compare: {
      arguments: ['before', '[table]'],
      summary: 'list what has access again that had none in the table before',
      options: {
        apply: {
          type: 'boolean',
          help: 'suspend these tenants, revoke these tokens, deactivate these users',
        },
      },
      examples: [
        'restore compare Scim-DataTable2F1A Scim-DataTable-restored --stack Scim',
        'restore compare Scim-DataTable2F1A Scim-DataTable-restored --stack Scim --apply',
      ],
      async run(call) {
        const { deployment, options, progress } = call;
        const { found, ended, cacheFlushed } = await compareRestored(deployment, {
          before: argument(call, 0),
          tableName: call.arguments[1],
          apply: options.apply === true,
          onProgress: everyFewSeconds(progress),
        });
        const flushed = cacheFlushed === undefined ? [] : [flushedSentence(cacheFlushed)];
        return {
          json: { found, ended },
          text: [textOf(found), summaryOf(found, ended), ...flushed].join('\n'),
          exitCode: found.length === 0 || ended ? 0 : 1,
        };
      },
    },
  },
};

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d\d-\d\dT/.test(text) || time.getTime() > Date.now()) {
    throw new UsageError(
      `--restored-at is ${JSON.stringify(text)}; a time that has passed is accepted, as in 2026-11-25T10:00:00Z.`,
    );
  }
  return time;
}

function textOf(found: readonly RestoredAccess[]): string {
  if (found.length === 0) return 'Nothing has access again that had none in the table before.';
  const rows = found.map((access) => [access.kind, access.tenant, idOf(access), access.before]);
  return tableText(['WHAT', 'TENANT', 'ID', 'BEFORE'], rows);
}

function idOf(access: RestoredAccess): string {
  if (access.kind === 'tenant') return '';
  if (access.kind === 'client') return access.clientId;
  return access.kind === 'token' ? access.tokenId : access.userId;
}

function summaryOf(found: readonly RestoredAccess[], isApplied: boolean): string {
  if (found.length === 0) return 'Users and groups can still differ: see docs/restore.md.';
  const count = (kind: RestoredAccess['kind']) => found.filter((access) => access.kind === kind).length;
  const counted = `${count('tenant')} tenants, ${count('token')} tokens, ${count('client')} clients and ${count('user')} users`;
  return isApplied
    ? `${counted} have no access any more.`
    : `${counted} have access again. --apply takes it away.`;
}
