import type { NotifiedUsers } from '../src/admin/session-sinks';
import type { TenantRate } from '../src/admin/tenant-rate';
import { updateSettings } from '../src/admin/tenant-settings';
import { createTenant, deleteTenant, listTenants, resumeTenant, suspendTenant } from '../src/admin/tenants';
import {
  argument,
  type CommandCall,
  type CommandGroup,
  type CommandOption,
  required,
  UsageError,
} from './command';
import { everyFewSeconds } from './progress';
import { rateText } from './rate-text';
import { flushedSentence, toldSentence } from './sentences';
import { settingsText } from './settings-text';
import { SHOW_TENANT } from './show-tenant';
import { momentText } from './shown-text';
import { tableText } from './table-text';

const NO_WAIT = {
  'no-wait': {
    type: 'boolean',
    help: 'leave it to the service to tell other stores of sessions of the users, and end at once',
  },
} as const satisfies Record<string, CommandOption>;

export const TENANT: CommandGroup = {
  summary: 'the customers that have a directory of their own',
  commands: {
    create: {
      arguments: ['tenant'],
      summary: 'create a tenant',
      options: { name: { type: 'string', value: 'TEXT', help: 'name for people' } },
      examples: ['tenant create acme --name "Acme Inc"'],
      async run(call) {
        const tenant = await createTenant(call.deployment, {
          tenantId: argument(call, 0),
          name: required(call, 'name'),
        });
        return {
          json: tenant,
          text: `Tenant ${tenant.tenantId} is created.${problemSentence(tenant.rate)} Next: token create ${tenant.tenantId} --label entra`,
        };
      },
    },
    list: {
      arguments: [],
      summary: 'list all tenants',
      options: {},
      examples: ['tenant list', 'tenant list --stack scim-prod --region eu-central-1 --json'],
      async run({ deployment }) {
        const tenants = await listTenants(deployment);
        const rows = tenants.map(({ tenantId, status, createdAt, name }) => [
          tenantId,
          status,
          momentText(createdAt),
          name,
        ]);
        return { json: tenants, text: tableText(['TENANT', 'STATUS', 'CREATED', 'NAME'], rows) };
      },
    },
    show: SHOW_TENANT,
    set: {
      arguments: ['tenant', 'setting=value...'],
      summary: 'change settings of a tenant',
      options: {},
      examples: [
        'tenant set acme reprovision=sameExternalId',
        'tenant set acme logDays=30 uniqueGroupNames=false --json',
        'tenant set acme rate=gold',
      ],
      async run(call) {
        const [tenantId = '', ...given] = call.arguments;
        const input = { tenantId, settings: readPairs(given), patienceMs: Number.POSITIVE_INFINITY };
        const updated = await updateSettings(call.deployment, input);
        const { changed, cacheFlushed } = updated;
        const what = changed.length === 0 ? 'Nothing has changed.' : `Changed: ${changed.join(', ')}.`;
        const when = cacheFlushed
          ? 'They hold from now on.'
          : 'Behind a gateway they may hold only in 5 minutes (authorizer cache).';
        const { indexedUsers, rate } = updated;
        const limit = rate === undefined ? '' : `\nLimit: ${rateText(rate)}`;
        const deleted =
          indexedUsers === undefined
            ? ''
            : ` Deleted users found by their externalId since: ${indexedUsers}.`;
        return {
          json: updated,
          text: `${settingsText(updated.settings)}\n${what} ${when}${deleted}${limit}`,
        };
      },
    },
    suspend: {
      arguments: ['tenant'],
      summary: 'refuse all tokens of a tenant and end all its sessions',
      options: NO_WAIT,
      examples: ['tenant suspend acme', 'tenant suspend acme --no-wait'],
      async run(call) {
        const suspended = await suspendTenant(call.deployment, patientInput(call));
        const { tenantId, cacheFlushed } = suspended;
        return {
          json: suspended,
          text: `Tenant ${tenantId} is suspended. ${flushedSentence(cacheFlushed)}${toldSentence(suspended)}`,
        };
      },
    },
    resume: {
      arguments: ['tenant'],
      summary: 'accept the tokens of a suspended tenant again',
      options: NO_WAIT,
      examples: ['tenant resume acme'],
      async run(call) {
        const resumed = await resumeTenant(call.deployment, patientInput(call));
        return {
          json: resumed,
          text: `Tenant ${resumed.tenantId} is active again; its people log in anew.${toldSentence(resumed)}`,
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
        const tenantId = argument(call, 0);
        if (call.options.confirm !== tenantId) {
          throw new UsageError(`Nothing was deleted: repeat the tenant with --confirm ${tenantId}.`);
        }
        const settleMs = readSettleMs(call.options['settle-seconds']);
        const deleted = await deleteTenant(call.deployment, { tenantId, settleMs });
        return {
          json: deleted,
          text: `Tenant ${tenantId} is deleted: its tokens and sessions were dead at once, and ${deleted.items} items were removed. Had this been interrupted, the same command would go on.`,
        };
      },
    },
  },
};

/** Waits until everybody is told of: interrupted, it is the service that goes on. */
function patientInput(call: CommandCall) {
  const tell = everyFewSeconds(call.progress, 'users told of');
  return {
    tenantId: argument(call, 0),
    patienceMs: call.options['no-wait'] === true ? 0 : Number.POSITIVE_INFINITY,
    onProgress: ({ notifiedUsers = 0, usersLeft }: NotifiedUsers) =>
      tell({ scanned: notifiedUsers, items: notifiedUsers + usersLeft }),
  };
}

const problemSentence = (rate: TenantRate | undefined): string =>
  rate?.problem === undefined ? '' : ` ${rate.problem}`;

/** Reads `name=value` words. @throws UsageError */
function readPairs(words: readonly string[]): Readonly<Record<string, string>> {
  const pairs = words.map((word): [string, string] => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new UsageError(
      `${JSON.stringify(word)} sets nothing; a name and a value are accepted, as in logDays=30.`,
    );
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice.`);
  return Object.fromEntries(pairs);
}

/** @returns undefined when nothing was said */
function readSettleMs(given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d{1,4}$/.test(given)) return Number(given) * 1000;
  throw new UsageError(
    `--settle-seconds is ${JSON.stringify(given)}; a whole number of seconds is accepted.`,
  );
}
