import { checkTable } from '../../src/admin/check';
import { redriveDeadLetters } from '../../src/admin/dead-letters/dead-letters';
import type { Deployment } from '../../src/admin/deployment';
import { deleteTenant } from '../../src/admin/tenants';
import { undo } from '../../src/admin/undo/undo';
import { verify } from '../../src/admin/verify/run';
import type { InputOf } from '../../src/admin-api/use-case';
import type { CONSOLE_USE_CASES, WORKS } from '../../src/console-api/use-cases';
import { invalidInput } from '../../src/endpoints/admin/problem';
import type { Work } from './jobs';

type Asked = InputOf<typeof CONSOLE_USE_CASES.jobs.start>;

/** Changes of an undo that the page shows: nobody reads thousands. */
const MAX_SHOWN_CHANGES = 500;

/** What a page may begin, by what it asks for. @throws Problem invalid-input when something is missing */
export function workOf(deployment: Deployment, asked: Asked): Work {
  return { work: asked.work, ...WORK[asked.work](deployment, asked) };
}

type Begin = (deployment: Deployment, asked: Asked) => Omit<Work, 'work'>;

const WORK: Readonly<Record<(typeof WORKS)[number], Begin>> = {
  check: (deployment, { tenantId, write }) => ({
    command: words('check', tenantId, write && '--repair'),
    async carryOut(told) {
      const check = await checkTable(deployment, {
        tenantId,
        repair: write === 'yes',
        onProgress: ({ scanned, items, suspects }) =>
          told({ done: scanned, total: items, note: `${suspects} to look at again` }),
      });
      const { scanned, tenants, findings } = check;
      return { of: 'check', check: { scanned, tenants, findings } };
    },
  }),
  undo: (deployment, { tenantId, since, until, actor, about, write }) => {
    const [tenant, from, who] = [given('tenantId', tenantId), moment('since', since), given('actor', actor)];
    const to = until === undefined ? undefined : moment('until', until);
    return {
      command: words(
        'undo',
        tenant,
        '--since',
        since,
        ...(until ? ['--until', until] : []),
        '--actor',
        who,
        ...(about ? ['--user', about] : []),
        write && '--apply',
      ),
      async carryOut(told, signal) {
        const { applied, counts, changes } = await undo(deployment, {
          tenantId: tenant,
          since: from,
          until: to,
          actor: who,
          about,
          apply: write === 'yes',
          signal,
          onProgress: ({ done, total, waitingFor }) =>
            told({ done, total, note: waitingFor === undefined ? undefined : `waiting: ${waitingFor}` }),
        });
        const shown = changes.slice(0, MAX_SHOWN_CHANGES);
        return {
          of: 'undo',
          undo: { applied, counts, changes: shown, hasMore: changes.length > shown.length },
        };
      },
    };
  },
  'dead-letter redrive': (deployment) => ({
    command: 'dead-letter redrive',
    async carryOut() {
      return { of: 'redrive', counts: { ...(await redriveDeadLetters(deployment)) } };
    },
  }),
  'tenant delete': (deployment, { tenantId, confirm }) => {
    const tenant = given('tenantId', tenantId);
    if (confirm !== tenant) {
      const detail = `"confirm" is not ${tenant}: the tenant's id is accepted, since this cannot be undone.`;
      throw invalidInput([{ pointer: '#/confirm', detail }]);
    }
    return {
      command: words('tenant delete', tenant, '--confirm', tenant),
      async carryOut() {
        const { items } = await deleteTenant(deployment, { tenantId: tenant });
        return { of: 'removal', items };
      },
    };
  },
  verify: (deployment) => ({
    command: 'verify',
    async carryOut(told, signal) {
      let lines = 0;
      const progress = (note: string) => told({ done: lines++, note });
      const { results } = await verify(deployment, { signal, progress });
      return { of: 'verify', results };
    },
  }),
};

const words = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ');

function given(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw invalidInput([{ pointer: `#/${name}`, detail: `"${name}" is missing.` }]);
}

function moment(name: string, value: string | undefined): Date {
  const date = new Date(given(name, value));
  if (!Number.isNaN(date.getTime())) return date;
  const detail = `"${name}" is ${JSON.stringify(value)}; a moment such as 2026-11-25T10:00:00Z is accepted.`;
  throw invalidInput([{ pointer: `#/${name}`, detail }]);
}
