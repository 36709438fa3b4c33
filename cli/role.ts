import {
  type GroupInput,
  type GroupNaming,
  listRoleMappings,
  mapGroup,
  showRoles,
  unmapGroup,
} from '../src/admin/roles';
import {
  argument,
  type CommandCall,
  type CommandGroup,
  type CommandOption,
  required,
  UsageError,
} from './command';
import { tableText } from './table-text';
import { userArguments } from './user-arguments';

const BY: CommandOption = {
  type: 'string',
  value: 'ATTRIBUTE',
  help: 'the attribute that names the group: displayName (default) or externalId',
};

/** Reads --by. @throws UsageError */
function naming(call: CommandCall): GroupNaming {
  const by = call.options.by ?? 'displayName';
  if (by === 'displayName' || by === 'externalId') return by;
  throw new UsageError(`--by is "${by}"; displayName and externalId are accepted.`);
}

/** Reads `<tenant> <group> [--by]`. @throws UsageError */
const groupArguments = (call: CommandCall): GroupInput => ({
  tenantId: argument(call, 0),
  group: argument(call, 1),
  by: naming(call),
});

export const ROLE: CommandGroup = {
  summary: "which roles of your app a customer's groups give",
  commands: {
    map: {
      arguments: ['tenant', 'group'],
      summary: 'map a group to roles, in place of those it gave before',
      options: {
        roles: { type: 'string', value: 'ROLE,…', help: 'names of roles, with commas between' },
        by: BY,
      },
      examples: [
        'role map acme "Acme Admins" --roles admin,billing',
        'role map acme 4c1e… --by externalId --roles admin',
      ],
      async run(call) {
        const roles = required(call, 'roles')
          .split(',')
          .map((role) => role.trim());
        const mapped = await mapGroup(call.deployment, { ...groupArguments(call), roles });
        return { json: mapped, text: `${mapped.group} gives ${roles.join(', ')}.` };
      },
    },
    unmap: {
      arguments: ['tenant', 'group'],
      summary: 'let a group give no roles any more',
      options: { by: BY },
      examples: ['role unmap acme "Acme Admins"'],
      async run(call) {
        const unmapped = await unmapGroup(call.deployment, groupArguments(call));
        return { json: unmapped, text: `${unmapped.group} gives no roles.` };
      },
    },
    list: {
      arguments: ['tenant'],
      summary: 'list what the groups give',
      options: {},
      examples: ['role list acme'],
      async run(call) {
        const mappings = await listRoleMappings(call.deployment, { tenantId: argument(call, 0) });
        const rows = mappings.map(({ by, group, roles }) => [group, by, roles.join(', ')]);
        return { json: mappings, text: tableText(['GROUP', 'NAMED BY', 'ROLES'], rows) };
      },
    },
    show: {
      arguments: ['tenant', 'user'],
      summary: "show a user's groups and roles",
      options: {},
      examples: ['role show acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const access = await showRoles(call.deployment, userArguments(call));
        const rows = access.groups.map(({ id, displayName }) => [id, displayName]);
        const roles = access.active ? access.roles.join(', ') || 'none' : 'none: the user is inactive';
        return { json: access, text: `Roles: ${roles}\n${tableText(['GROUP', 'NAME'], rows)}` };
      },
    },
  },
};
