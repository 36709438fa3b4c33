import { REQUESTS_END_AFTER_MS, removeTenant } from '../src/directory/tenants/tenant-removal';
import {
  createTenant,
  listTenants,
  readTenantId,
  resumeTenant,
  suspendTenant,
} from '../src/directory/tenants/tenants';
import { argument, type CommandGroup, required, UsageError } from './command';
import { flushAuthorizers } from './flush';
import { notifiedSentence, notifyTenant } from './session-targets';
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
        const told = await notifyTenant(call.target, tenant, 'ended');
        return {
          json: { tenantId: tenant, status: 'suspended', told },
          text: `Tenant ${tenant} is suspended. ${flushed}${notifiedSentence(told)}`,
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
        const told = await notifyTenant(call.target, tenant, 'returned');
        return {
          json: { tenantId: tenant, status: 'active', told },
          text: `Tenant ${tenant} is active again; its people log in anew.${notifiedSentence(told)}`,
        };
      },
    },
    delete: {
      arguments: ['tenant'],
      summary: 'end all access and remove all data of a tenant, for ever',
      options: {
        confirm: {
          type: 'string',
          value: 'TENANT',
          help: 'the tenant once more, so that nothing goes by mistake',
        },
        'settle-seconds': {
          type: 'string',
          value: 'N',
          help: 'how long requests may still be under way (30)',
        },
      },
      examples: ['tenant delete acme --confirm acme'],
      async run(call) {
        const tenant = readTenantId(argument(call, 0));
        if (call.options.confirm !== tenant) {
          throw new UsageError(`Nothing was deleted: repeat the tenant with --confirm ${tenant}.`);
        }
        const { items } = await removeTenant(call.target.table, tenant, {
          onSuspended: async () => {
            await flushAuthorizers(call.target);
            // Before anything is removed: afterwards nobody knows whom to tell of.
            await notifyTenant(call.target, tenant, 'ended');
          },
          settleMs: readSeconds(call.options['settle-seconds']) * 1000,
        });
        return {
          json: { tenantId: tenant, deleted: true, items },
          text: `Tenant ${tenant} is deleted: its tokens and sessions were dead at once, and ${items} items were removed. Had this been interrupted, the same command would go on.`,
        };
      },
    },
  },
};

function readSeconds(given: string | boolean | undefined): number {
  if (given === undefined) return REQUESTS_END_AFTER_MS / 1000;
  const seconds = Number(given);
  if (typeof given === 'string' && /^\d{1,4}$/.test(given)) return seconds;
  throw new UsageError(
    `--settle-seconds is ${JSON.stringify(given)}; a whole number of seconds is accepted.`,
  );
}
