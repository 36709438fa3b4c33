import { accessOf } from '../src/access';
import {
  type GroupNaming,
  listRoleMappings,
  mapGroup,
  unmapGroup,
} from '../src/directory/tenants/role-mappings';
import { readTenantId } from '../src/directory/tenants/tenants';
import {
  argument,
  type CommandCall,
  type CommandGroup,
  type CommandOption,
  required,
  UsageError,
} from './command';
import { tableText } from './table-text';
import { readUser } from './user-argument';

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
        const [tenant, group] = [readTenantId(argument(call, 0)), argument(call, 1)];
        const roles = required(call, 'roles')
          .split(',')
          .map((role) => role.trim());
        await mapGroup(call.target.table, tenant, { by: naming(call), group, roles });
        return {
          json: { tenantId: tenant, by: naming(call), group, roles },
          text: `${group} gives ${roles.join(', ')}.`,
        };
      },
    },
    unmap: {
      arguments: ['tenant', 'group'],
      summary: 'let a group give no roles any more',
      options: { by: BY },
      examples: ['role unmap acme "Acme Admins"'],
      async run(call) {
        const [tenant, group] = [readTenantId(argument(call, 0)), argument(call, 1)];
        await unmapGroup(call.target.table, tenant, naming(call), group);
        return {
          json: { tenantId: tenant, by: naming(call), group, roles: [] },
          text: `${group} gives no roles.`,
        };
      },
    },
    list: {
      arguments: ['tenant'],
      summary: 'list what the groups give',
      options: {},
      examples: ['role list acme'],
      async run(call) {
        const mappings = await listRoleMappings(call.target.table, readTenantId(argument(call, 0)));
        const rows = mappings.map(({ by, group, roles }) => [group, by, roles.join(', ')]);
        return { json: mappings, text: tableText(['GROUP', 'NAMED BY', 'ROLES'], rows) };
      },
    },
    show: {
      arguments: ['tenant', 'userId'],
      summary: "show a user's groups and roles",
      options: {},
      examples: ['role show acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const { tenant, userId, active } = await readUser(call);
        const access = await accessOf(call.target.table, tenant, userId);
        const rows = access.groups.map(({ id, displayName }) => [id, displayName]);
        const roles = active ? access.roles.join(', ') || 'none' : 'none: the user is inactive';
        return { json: access, text: `Roles: ${roles}\n${tableText(['GROUP', 'NAME'], rows)}` };
      },
    },
  },
};
