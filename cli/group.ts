import { restoreGroup } from '../src/admin/deleted';
import { argument, type CommandGroup } from './command';
import { FIND_GROUP } from './find';
import { LIST_GROUPS } from './list-resources';
import { SHOW_GROUP } from './show-group';

export const GROUP: CommandGroup = {
  summary: 'the groups of a tenant; deleted ones are put back',
  commands: {
    find: FIND_GROUP,
    show: SHOW_GROUP,
    list: LIST_GROUPS,
    restore: {
      arguments: ['tenant', 'group'],
      summary: 'put a deleted group back under the same id, without its members',
      options: {},
      examples: ['group restore acme e9e30dba-f08f-4109-8486-d5c6a331660a', 'group restore acme Engineering'],
      async run(call) {
        const restored = await restoreGroup(call.deployment, {
          tenantId: argument(call, 0),
          groupId: argument(call, 1),
        });
        return { json: restored, text: `The group ${restored.groupId} is back, without members.` };
      },
    },
  },
};
