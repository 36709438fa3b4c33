import { createTenant, listTenants, readTenantId, resumeTenant, suspendTenant } from '../directory/tenants';
import { argument, type CommandGroup, required } from './command';
import { flushAuthorizers } from './flush';
import { tableText } from './table-text';

export const TENANT: CommandGroup = {
  summary: 'the customers that have a directory of their own',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'create a tenant',
      options: { name: { type: 'string', value: 'TEXT', help: 'name for people' } },
      examples: ['tenant create acme --name "Acme Inc"'],
      async run(call) {
        const tenant = await createTenant(call.target.table, {
          tenantId: readTenantId(argument(call, 0)),
          name: required(call, 'name'),
        });
        return {
          json: tenant,
          text: `Tenant ${tenant.tenantId} is created. Next: token create ${tenant.tenantId} --label entra`,
        };
      },
    },
    list: {
      arguments: [],
      summary: 'list all tenants',
      options: {},
      examples: ['tenant list', 'tenant list --stack scim-prod --region eu-central-1 --json'],
      async run({ target }) {
        const tenants = await listTenants(target.table);
        const rows = tenants.map(({ tenantId, status, createdAt, name }) => [
          tenantId,
          status,
          createdAt,
          name,
        ]);
        return { json: tenants, text: tableText(['TENANT', 'STATUS', 'CREATED', 'NAME'], rows) };
      },
    },
    suspend: {
      arguments: ['tenant'],
      summary: 'refuse all tokens of a tenant and end all its sessions',
      options: {},
      examples: ['tenant suspend acme'],
      async run(call) {
        const tenant = readTenantId(argument(call, 0));
        await suspendTenant(call.target.table, tenant);
        const flushed = await flushAuthorizers(call.target);
        return {
          json: { tenantId: tenant, status: 'suspended' },
          text: `Tenant ${tenant} is suspended. ${flushed}`,
        };
      },
    },
    resume: {
      arguments: ['tenant'],
      summary: 'accept the tokens of a suspended tenant again',
      options: {},
      examples: ['tenant resume acme'],
      async run(call) {
        const tenant = readTenantId(argument(call, 0));
        await resumeTenant(call.target.table, tenant);
        return {
          json: { tenantId: tenant, status: 'active' },
          text: `Tenant ${tenant} is active again; its people log in anew.`,
        };
      },
    },
  },
};
