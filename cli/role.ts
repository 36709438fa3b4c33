import {
  type GroupInput,
  type GroupNaming,
  listRoleMappings,
  type MappingPreview,
  mapGroup,
  previewMapping,
  showRoles,
  unmapGroup,
} from '../src/admin/roles';
import {
  argument,
  type CommandCall,
  type CommandGroup,
  type CommandOption,
  type Report,
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

const PREVIEW: CommandOption = {
  type: 'boolean',
  help: 'show who would gain and who would lose which roles, and change nothing',
};

/** A preview for people. */
function previewReport(preview: MappingPreview): Report {
  const { group, groups, users, inactive, changes } = preview;
  const rows = changes.map(({ role, change, users, first }) => [
    role,
    change,
    String(users),
    `${first.join(', ')}${users > first.length ? ', …' : ''}`,
  ]);
  const whose =
    groups.length === 0
      ? `No group has the name ${group} at present.`
      : `${users} active users are in ${group}, ${inactive} inactive ones have no roles anyway.`;
  const table =
    changes.length === 0 ? 'No role changes.' : tableText(['ROLE', 'CHANGE', 'USERS', 'FIRST'], rows);
  return { json: preview, text: `${whose}\n${table}\nNothing was changed.` };
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
        preview: PREVIEW,
      },
      examples: [
        'role map acme "Acme Admins" --roles admin,billing',
        'role map acme "Acme Admins" --roles admin --preview',
        'role map acme 4c1e… --by externalId --roles admin',
      ],
      async run(call) {
        const roles = required(call, 'roles')
          .split(',')
          .map((role) => role.trim());
        const input = { ...groupArguments(call), roles };
        if (call.options.preview === true) return previewReport(await previewMapping(call.deployment, input));
        const mapped = await mapGroup(call.deployment, input);
        return { json: mapped, text: `${mapped.group} gives ${roles.join(', ')}.` };
      },
    },
    unmap: {
      arguments: ['tenant', 'group'],
      summary: 'let a group give no roles any more',
      options: { by: BY, preview: PREVIEW },
      examples: ['role unmap acme "Acme Admins"', 'role unmap acme "Acme Admins" --preview'],
      async run(call) {
        const input = groupArguments(call);
        if (call.options.preview === true)
          return previewReport(await previewMapping(call.deployment, { ...input, roles: [] }));
        const unmapped = await unmapGroup(call.deployment, input);
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
