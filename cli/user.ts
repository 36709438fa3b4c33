import { eraseUser, restoreUser } from '../src/admin/deleted';
import { protectUser, unprotectUser } from '../src/admin/protection';
import type { CommandGroup } from './command';
import { FIND_USER } from './find';
import { LIST_USERS } from './list-resources';
import { SHOW_USER } from './show-user';
import { userArguments } from './user-arguments';

export const USER: CommandGroup = {
  summary: 'the users of a tenant; protected ones are kept from SCIM, deleted ones put back, or erased',
  commands: {
    find: FIND_USER,
    show: SHOW_USER,
    list: LIST_USERS,
    restore: {
      arguments: ['tenant', 'user'],
      summary: 'put a deleted user back under the same id; old sessions stay dead',
      options: {},
      examples: [
        'user restore acme 2819c223-7f76-453a-919d-413861904646',
        'user restore acme jane@example.com',
      ],
      async run(call) {
        const restored = await restoreUser(call.deployment, userArguments(call));
        const { userId, active, groups, groupsLeftOut, appIdLeftOut } = restored;
        const lines = [
          `The user ${userId} is back${active ? '' : ', inactive as before'}; sessions from before the deletion stay dead.`,
          ...(groups.length === 0 ? [] : [`A member again of: ${groups.join(', ')}`]),
          ...(groupsLeftOut.length === 0
            ? []
            : [
                `Not a member again of groups that are gone or in the middle of a change: ${groupsLeftOut.join(', ')}`,
              ]),
          ...(appIdLeftOut === undefined
            ? []
            : [`Without the appId ${JSON.stringify(appIdLeftOut)}, which another user has by now.`]),
        ];
        return { json: restored, text: lines.join('\n') };
      },
    },
    protect: {
      arguments: ['tenant', 'user'],
      summary: 'keep SCIM from deactivating, deleting and renaming a user',
      options: {},
      examples: [
        'user protect acme 2819c223-7f76-453a-919d-413861904646',
        'user protect acme admin@acme.example',
      ],
      async run(call) {
        const report = await protectUser(call.deployment, userArguments(call));
        const { userId, active } = report;
        const inactive = active ? '' : ' The user is inactive at present: SCIM may activate them, once.';
        return {
          json: report,
          text: `SCIM may not deactivate, delete or rename the user ${userId}. End their sessions, if need be, with session revoke.${inactive}`,
        };
      },
    },
    unprotect: {
      arguments: ['tenant', 'user'],
      summary: 'let SCIM deactivate, delete and rename a user again',
      options: {},
      examples: ['user unprotect acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const report = await unprotectUser(call.deployment, userArguments(call));
        return { json: report, text: `SCIM may deactivate, delete and rename the user ${report.userId}.` };
      },
    },
    erase: {
      arguments: ['tenant', 'userId'],
      summary: 'remove what is kept of a deleted user, at once and for ever',
      options: {
        confirm: { type: 'string', value: 'userId', help: 'the id once more, since this cannot be undone' },
      },
      examples: [
        'user erase acme 2819c223-7f76-453a-919d-413861904646 --confirm 2819c223-7f76-453a-919d-413861904646',
      ],
      async run(call) {
        const { confirm } = call.options;
        const erased = await eraseUser(call.deployment, {
          ...userArguments(call),
          confirm: typeof confirm === 'string' ? confirm : undefined,
        });
        return {
          json: erased,
          text: `Nothing is kept of the user ${erased.userId} but the fact. Backups of the table keep theirs until they end.`,
        };
      },
    },
  },
};
