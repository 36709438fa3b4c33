import {
  endRestoredAccess,
  findRestoredAccess,
  type RestoredAccess,
} from '../src/directory/check/restored-access';
import type { Table } from '../src/directory/table/table';
import { endRestoredSessions } from '../src/offboarding/restored';
import { argument, CommandFailed, type CommandGroup, type Target, UsageError } from './command';
import { flushAuthorizers } from './flush';
import { everyFewSeconds } from './progress';
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
      async run({ target, arguments: [name], options, progress }) {
        const table = tableNamed(name, target);
        const given = options['restored-at'];
        const restoredAt = given === undefined ? await table.restoredAt() : readTime(String(given));
        if (restoredAt === undefined) {
          throw new CommandFailed(
            `DynamoDB did not restore the table ${table.name} from a backup. If it is a copy made by other means, say since when it is in use with --restored-at, as in 2026-11-25T10:00:00Z.`,
          );
        }
        const onScanned = everyFewSeconds(await table.approximateItemCount(), progress);
        const done = await endRestoredSessions(table, {
          restoredAt: restoredAt.getTime(),
          onProgress: ({ scanned, users }) => onScanned(scanned, `${users} users`),
        });
        const { tenants, users, sessions } = done;
        return {
          json: { ...done, restoredAt: restoredAt.toISOString() },
          text: `Sessions and access tokens from before ${restoredAt.toISOString()}, and those with epochs reached since the backup, are dead: the epochs of ${tenants} tenants and ${users} users were raised, ${sessions} stored sessions removed. Had this been interrupted, the same command would go on.`,
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
        const { target, options, progress } = call;
        const table = tableNamed(call.arguments[1], target);
        const before = table.named(argument(call, 0));
        if (before.name === table.name) {
          throw new UsageError(
            `${before.name} is named as the table before and as the restored one; without a second name the latter is the one in use.`,
          );
        }
        const onScanned = everyFewSeconds(await before.approximateItemCount(), progress);
        const found = await findRestoredAccess(table, before, onScanned);
        const isApplied = options.apply === true;
        if (isApplied) for (const access of found) await endRestoredAccess(table, access);
        const flushed = isApplied && found.length > 0 ? await flushAuthorizers(target) : undefined;
        return {
          json: { found, ended: isApplied },
          text: [
            textOf(found),
            summaryOf(found, isApplied),
            ...(flushed === undefined ? [] : [flushed]),
          ].join('\n'),
          exitCode: found.length === 0 || isApplied ? 0 : 1,
        };
      },
    },
  },
};

/** The table of a name beside the target's, or the target's own. */
const tableNamed = (name: string | undefined, { table }: Target): Table =>
  name === undefined ? table : table.named(name);

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
  return access.kind === 'token' ? access.tokenId : access.userId;
}

function summaryOf(found: readonly RestoredAccess[], isApplied: boolean): string {
  if (found.length === 0) return 'Users and groups can still differ: see docs/restore.md.';
  const count = (kind: RestoredAccess['kind']) => found.filter((access) => access.kind === kind).length;
  const counted = `${count('tenant')} tenants, ${count('token')} tokens and ${count('user')} users`;
  return isApplied
    ? `${counted} have no access any more.`
    : `${counted} have access again. --apply takes it away.`;
}
