import fc from 'fast-check';
import { main } from '../../cli/main';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { readLog } from '../../src/admin/log';
import { advisedForCustomer } from '../../src/admin/setup/connection';
import { createSetupLink, listSetupLinks, revokeSetupLink } from '../../src/admin/setup-links';
import { deleteTenant, resumeTenant, suspendTenant } from '../../src/admin/tenants';
import { findSetupLink, recordSetupLinkUse } from '../../src/directory/tenants/setup-links';
import { createTenant } from '../../src/directory/tenants/tenants';
import {
  newSetupSecretText,
  newTokenText,
  tenantOfSetupSecret,
} from '../../src/directory/tenants/token-format';
import { findingsIn, newWorld, type World } from '../directory/crash-points/world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECRET = /^scimsetup_acme_[0-9A-Za-z]{43}_[0-9a-f]{8}$/;

let world: World;
let deployment: Deployment;
beforeEach(async () => {
  world = await newWorld();
  const base = tableDeployment('http://memory.invalid', 'memory', 'grace');
  deployment = { ...base, table: world.table, baseUrl: 'https://scim.example.com/scim/v2' };
});

const create = (more: Partial<Parameters<typeof createSetupLink>[1]> = {}) =>
  createSetupLink(deployment, { tenantId: world.tenant, for: 'IT of Acme', ...more });
const stateOf = async (secret: string, after = 0) =>
  (await findSetupLink(world.table, secret, new Date(Date.now() + after))).outcome;
const typesInLog = async () =>
  (await readLog(deployment, { tenantId: world.tenant })).entries.map(({ type, actor, linkId }) => [
    type,
    actor,
    linkId,
  ]);

test('a link is shown once, with its secret behind #, and only a digest of it is kept', async () => {
  const { url = '', secret, linkId } = await create();

  expect(secret).toMatch(SECRET);
  expect(url).toBe(`https://scim.example.com/scim/setup#${secret}`);
  expect(JSON.stringify([...world.store.all()])).not.toContain(secret.slice(15, 58));
  expect(await listSetupLinks(deployment, { tenantId: world.tenant })).toMatchObject([
    { linkId, for: 'IT of Acme', may: ['credentials', 'log'], roles: [], state: 'live' },
  ]);
  expect(await typesInLog()).toEqual([['setup_link.created', 'admin:grace', linkId]]);
  expect(await findingsIn(world)).toEqual([]);
});

test('a stack without the page makes no link, and says what would; earlier ones can be revoked', async () => {
  const { linkId } = await create();
  deployment = {
    ...deployment,
    stack: { services: {}, dynamodb: {}, outputs: new Map([['SetupPage', 'off']]) },
  };

  await expect(create()).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('setupPage=off'),
  });
  await revokeSetupLink(deployment, { tenantId: world.tenant, linkId });
  expect(await listSetupLinks(deployment, { tenantId: world.tenant })).toMatchObject([{ state: 'revoked' }]);
});

test('the secret tells its tenant, and with one character changed it is none', () => {
  const secret = newSetupSecretText(world.tenant);
  expect(tenantOfSetupSecret(secret)).toBe('acme');
  expect(tenantOfSetupSecret(newTokenText())).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(secret.length - 1), fc.constantFrom(...'aZ09_f#-'), (position, character) => {
      const changed = secret.slice(0, position) + character + secret.slice(position + 1);
      expect(tenantOfSetupSecret(changed)).toBe(changed === secret ? 'acme' : undefined);
    }),
  );
});

test('what is no secret costs no read, and one that names another tenant finds nothing', async () => {
  const { secret } = await create();
  await createTenant(world.table, { tenantId: 'globex' as typeof world.tenant, name: 'Globex' });
  const calls: string[] = [];
  const metered = world.table.with({ onCall: ({ operation }) => calls.push(operation) });

  for (const text of ['', 'scimsetup_', `${secret}x`, secret.replace('acme', 'globex'), newTokenText()])
    expect((await findSetupLink(metered, text, new Date())).outcome).toBe('malformed');
  expect(calls).toEqual([]);
  expect(await stateOf(newSetupSecretText(world.tenant))).toBe('unknown');
  expect(await stateOf(newSetupSecretText('nobody' as typeof world.tenant))).toBe('unknown');
});

test('a link ends at its time, though its item stays for a month to tell so', async () => {
  const { secret } = await create({ lifeMs: 2 * HOUR });

  expect(await stateOf(secret, 2 * HOUR - 60_000)).toBe('live');
  expect(await stateOf(secret, 2 * HOUR)).toBe('expired');
  const item = world.store.all().find(({ pk }) => pk === 'SETUP#acme#');
  expect(Number(item?.expiresAt) * 1000 - Date.now()).toBeGreaterThan(29 * DAY);
});

test('a revoked link is refused at once, and revoking it again changes nothing', async () => {
  const { secret, linkId } = await create();
  const other = await create();

  const first = await revokeSetupLink(deployment, { tenantId: world.tenant, linkId });
  const second = await revokeSetupLink(deployment, { tenantId: world.tenant, linkId });

  expect(second).toEqual(first);
  expect([await stateOf(secret), await stateOf(other.secret)]).toEqual(['revoked', 'live']);
  expect((await typesInLog()).filter(([type]) => type === 'setup_link.revoked')).toHaveLength(1);
  await expect(revokeSetupLink(deployment, { tenantId: world.tenant, linkId: 'nobody' })).rejects.toThrow(
    'The tenant "acme" has no link with the id "nobody".',
  );
});

test('a suspension ends a link for good, and a removal takes it away with the tenant', async () => {
  const { secret } = await create();
  await suspendTenant(deployment, { tenantId: world.tenant });
  expect(await stateOf(secret)).toBe('suspended');
  await expect(create()).rejects.toThrow('is suspended; resume it before');

  await resumeTenant(deployment, { tenantId: world.tenant });
  expect(await stateOf(secret)).toBe('suspended');
  const next = await create();
  expect(await stateOf(next.secret)).toBe('live');

  await deleteTenant(deployment, { tenantId: world.tenant, settleMs: 0 });
  await createTenant(world.table, { tenantId: world.tenant, name: 'Acme, again' });
  expect([await stateOf(secret), await stateOf(next.secret)]).toEqual(['unknown', 'unknown']);
  expect(world.store.all().filter(({ pk }) => pk.startsWith('SETUP#'))).toEqual([]);
});

test('its use is noted every five minutes at the most', async () => {
  const { secret } = await create();
  let written = 0;
  const use = async (at: number) => {
    const now = new Date(Date.now() + at);
    const check = await findSetupLink(world.table, secret, now);
    if (!('link' in check)) throw new Error('The link is not found.');
    await recordSetupLinkUse(world.table, secret, check.link, now, async () => {
      written++;
      return [];
    });
  };

  await use(0);
  await use(60_000);
  await use(299_000);
  expect(written).toBe(1);
  await use(301_000);
  expect(written).toBe(2);
});

test('the customer is not told the names of the people at the vendor, whatever is in them', () => {
  const told = advisedForCustomer({
    type: 'undo.started',
    time: '2026-01-01T00:00:00.000Z',
    actor: 'admin:Grace Hopper',
    detail: 'What admin:Ada Lovelace did from 2026-01-01T00:00:00.000Z to 2026-01-01T01:00:00.000Z.',
  });

  expect(told).toMatchObject({
    actor: 'admin',
    detail: 'What admin did from 2026-01-01T00:00:00.000Z to 2026-01-01T01:00:00.000Z.',
  });
});

test.each([
  [{ for: ' \u200b' }, 'Whom a link is for is told in 1 to 200 characters.'],
  [{ for: 'x'.repeat(201) }, 'Whom a link is for is told in 1 to 200 characters.'],
  [{ lifeMs: HOUR - 1 }, 'lives for one hour to 30 days'],
  [{ lifeMs: 30 * DAY + 1 }, 'lives for one hour to 30 days'],
  [{ lifeMs: Number.NaN }, 'lives for one hour to 30 days'],
  [{ may: ['roles'] as const }, 'names those that groups may be given with it'],
  [{ roles: ['admin'] }, 'names roles when it permits roles'],
  [{ may: ['roles'] as const, roles: ['a b'] }, `"a b" is not a role's name`],
])('%j is not accepted', async (order, sentence) => {
  await expect(create(order)).rejects.toThrow(sentence);
});

test('a tenant has 50 live links at the most', async () => {
  for (let n = 0; n < 50; n++) await create();
  await expect(create()).rejects.toThrow('50 live links');
});

test('at the terminal: made, listed, revoked', async () => {
  const admin = async (...words: string[]) => {
    const out: string[] = [];
    const code = await main(['setup-link', ...words], {
      out: (text) => out.push(text),
      error: (text) => out.push(text),
      findTarget: async () => deployment,
    });
    return { code, out: out.join('\n') };
  };

  const made = await admin(
    ...['create', 'acme', '--for', 'IT of Acme', '--expires', '2d'],
    ...['--may', 'credentials,roles', '--roles', 'editor,viewer'],
  );
  expect(made.code).toBe(0);
  expect(made.out).toMatch(/^Link +https:\/\/scim\.example\.com\/scim\/setup#scimsetup_acme_/m);
  expect(made.out).toMatch(/^May +credentials, roles \(editor, viewer\)$/m);
  const [, linkId = ''] = /^Link id +(\w{9})$/m.exec(made.out) ?? [];

  expect((await admin('list', 'acme')).out).toMatch(
    new RegExp(`^${linkId} +live +credentials,roles +[\\d-]+T[\\d:]+Z +never +IT of Acme$`, 'm'),
  );
  expect((await admin('revoke', 'acme', linkId)).out).toContain(`Link ${linkId} is revoked.`);
  expect((await admin('create', 'acme', '--for', 'x', '--may', 'none', '--json')).out).toContain('"may": []');
  expect(await admin('create', 'acme', '--for', 'x', '--may', 'all')).toMatchObject({ code: 2 });
  expect(await admin('create', 'acme', '--for', 'x', '--expires', '31d')).toMatchObject({ code: 1 });
});
