import fc from 'fast-check';
import { type TenantId, tokenKey, tokenLedgerKey } from '../../src/directory/table/keys';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import {
  encodeBase62,
  hashToken,
  isTokenText,
  newClientId,
  newClientSecretText,
  newSetupSecretText,
  newTokenText,
  tenantNamedBy,
} from '../../src/directory/tenants/token-format';
import { issueToken, listTokens, revokeToken, rotateToken } from '../../src/directory/tenants/tokens';
import { useTestTable } from '../../testing/engine';
import { DAY, HOUR, later, MINUTE, NOW, order } from './token-order';

const engine = useTestTable();

let tenants = 0;
async function newTenant(): Promise<TenantId> {
  const tenantId = readTenantId(`tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId, name: `Tenant ${tenants}`, now: NOW });
  return tenantId;
}

describe('the text of a token', () => {
  test('is 43 base 62 digits and a checksum, whatever the random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = newTokenText(readTenantId('acme-2'), bytes);
        expect(text).toMatch(/^scim_acme-2_[0-9A-Za-z]{43}_[0-9a-f]{8}$/);
        expect(isTokenText(text)).toBe(true);
      }),
    );
  });

  test('names its tenant also when its end was not copied, and so does the id of a client; others name none', () => {
    const tenant = readTenantId('acme-2');
    fc.assert(
      fc.property(fc.constantFrom(newTokenText(tenant), newClientId(tenant)), fc.nat(100), (text, length) => {
        const named = text.slice(0, text.indexOf('acme-2_') + 'acme-2_'.length + length);
        expect(tenantNamedBy(named)).toBe('acme-2');
      }),
    );
    const others = [
      newTokenText(),
      newClientSecretText(),
      newSetupSecretText(tenant),
      'scim_-_x',
      'scim_A_x',
      '',
    ];
    expect(others.map(tenantNamedBy)).toEqual(others.map(() => undefined));
  });

  test('of an earlier version, which names no tenant, is a token', () => {
    expect(isTokenText(newTokenText())).toBe(true);
  });

  test('has the full width for the smallest and the largest secret', () => {
    expect(encodeBase62(new Uint8Array(32), 43)).toBe('0'.repeat(43));
    expect(encodeBase62(new Uint8Array(32).fill(255), 43)).toHaveLength(43);
    expect(encodeBase62(Uint8Array.of(61), 2)).toBe('0z');
  });

  test('with one character changed is not a token', () => {
    const text = newTokenText(readTenantId('acme'));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'aZ09_f'), (position, character) => {
        const changed = text.slice(0, position) + character + text.slice(position + 1);
        expect(isTokenText(changed)).toBe(changed === text);
      }),
    );
  });
});

describe('finding a token', () => {
  test('an issued token is live, and only its digest is stored', async () => {
    const tenant = await newTenant();
    const { text, token } = await issueToken(engine.table, order(tenant));

    const check = await findToken(engine.table, text, NOW);

    expect(check).toEqual({ outcome: 'live', token });
    const item = await engine.table.get(tokenKey(hashToken(text)));
    expect(item?.type).toBe('scim_token');
    expect(JSON.stringify([item, await engine.table.get(tokenLedgerKey(tenant))])).not.toContain(
      text.slice(-52, -9),
    );
  });

  test('a mistyped token costs no read, an unknown one costs one unit', async () => {
    const calls: number[] = [];
    const metered = engine.table.with({ onCall: ({ readUnits }) => calls.push(readUnits) });
    const text = newTokenText();

    expect(await findToken(metered, `${text.slice(0, -1)}x`, NOW)).toEqual({ outcome: 'malformed' });
    expect(calls).toEqual([]);
    expect(await findToken(metered, text, NOW)).toEqual({ outcome: 'unknown' });
    expect(calls).toEqual([1]);
  });

  test('a token is refused from the very moment of its expiry, though its item is still there', async () => {
    const { text } = await issueToken(engine.table, order(await newTenant()));

    expect((await findToken(engine.table, text, later(30 * DAY - 1))).outcome).toBe('live');
    expect((await findToken(engine.table, text, later(30 * DAY))).outcome).toBe('expired');
  });

  test('a revoked token is refused and stays in the list', async () => {
    const tenant = await newTenant();
    const { text, token } = await issueToken(engine.table, order(tenant));

    await revokeToken(engine.table, tenant, token.tokenId, later(HOUR));

    expect((await findToken(engine.table, text, later(HOUR))).outcome).toBe('revoked');
    expect(await listTokens(engine.table, tenant)).toEqual([
      { ...token, revokedAt: later(HOUR).toISOString() },
    ]);
  });
});

describe('issuing and rotating', () => {
  test('a third live token of one label is refused, a first one of another label is not', async () => {
    const tenant = await newTenant();
    await issueToken(engine.table, order(tenant));
    await issueToken(engine.table, order(tenant));

    await expect(issueToken(engine.table, order(tenant))).rejects.toMatchObject({ code: 'conflict' });
    await expect(issueToken(engine.table, order(tenant, 'okta'))).resolves.toBeDefined();
  });

  test('of five simultaneous orders with one label exactly two succeed', async () => {
    const tenant = await newTenant();

    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => issueToken(engine.table, order(tenant))),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await listTokens(engine.table, tenant)).toHaveLength(2);
  });

  test('after a rotation both tokens are accepted until the overlap ends, then only the new one', async () => {
    const tenant = await newTenant();
    const old = await issueToken(engine.table, order(tenant));

    const next = await rotateToken(engine.table, tenant, old.token.tokenId, {
      overlapMs: HOUR,
      now: later(DAY),
    });

    const outcomes = async (now: Date) =>
      Promise.all([old, next].map(async ({ text }) => (await findToken(engine.table, text, now)).outcome));
    expect(await outcomes(later(DAY + HOUR - 1))).toEqual(['live', 'live']);
    expect(await outcomes(later(DAY + HOUR))).toEqual(['expired', 'live']);
    expect(next.token).toMatchObject({
      label: 'entra',
      scope: 'write',
      expiresAt: later(31 * DAY).getTime() / 1000,
    });
  });

  test('a successor that was lost is succeeded at once, while the token before it goes on', async () => {
    const tenant = await newTenant();
    const old = await issueToken(engine.table, order(tenant));
    const rotate = ({ token }: typeof old, overlapMs: number) =>
      rotateToken(engine.table, tenant, token.tokenId, { overlapMs, now: NOW });
    const lost = await rotate(old, DAY);

    await expect(rotate(lost, HOUR)).rejects.toThrow('2 live tokens with the label');
    const next = await rotate(lost, 0);

    const outcomes = [old, lost, next].map(async ({ text }) => findToken(engine.table, text, NOW));
    expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(['live', 'expired', 'live']);
  });

  test('where the successor was lost and revoked, the next one lives as long as the first was made for', async () => {
    const tenant = await newTenant();
    const { token } = await issueToken(engine.table, order(tenant));
    const lost = await rotateToken(engine.table, tenant, token.tokenId, { overlapMs: DAY, now: later(HOUR) });
    await revokeToken(engine.table, tenant, lost.token.tokenId, later(HOUR));

    const next = await rotateToken(engine.table, tenant, token.tokenId, {
      overlapMs: HOUR,
      now: later(HOUR),
    });

    expect(next.token.expiresAt).toBe(later(30 * DAY + HOUR).getTime() / 1000);
  });

  test('a revoked token cannot be rotated', async () => {
    const tenant = await newTenant();
    const { token } = await issueToken(engine.table, order(tenant));
    await revokeToken(engine.table, tenant, token.tokenId, NOW);

    await expect(rotateToken(engine.table, tenant, token.tokenId, { now: NOW })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('revoked'),
    });
  });

  test("another tenant's token can neither be rotated nor revoked", async () => {
    const { token } = await issueToken(engine.table, order(await newTenant()));
    const other = await newTenant();

    await expect(rotateToken(engine.table, other, token.tokenId)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(revokeToken(engine.table, other, token.tokenId)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('expired tokens leave the list when the next one is issued', async () => {
    const tenant = await newTenant();
    await issueToken(engine.table, order(tenant));

    const { token } = await issueToken(engine.table, {
      ...order(tenant),
      now: later(31 * DAY),
      expiresAt: later(60 * DAY),
    });

    expect((await listTokens(engine.table, tenant)).map(({ tokenId }) => tokenId)).toEqual([token.tokenId]);
  });

  test.each([
    ['an expiry in the past', { expiresAt: NOW }],
    ['an expiry that is no date', { expiresAt: new Date('never') }],
    ['an empty label', { label: '' }],
    ['a label of blanks', { label: '  ' }],
    ['a label with a line break', { label: 'a\nb' }],
  ])('%s is refused', async (_name, wrong) => {
    const tenant = await newTenant();

    await expect(issueToken(engine.table, { ...order(tenant), ...wrong })).rejects.toMatchObject({
      code: 'invalid-value',
    });
  });

  test('no token is issued for an unknown tenant', async () => {
    await expect(issueToken(engine.table, order(readTenantId('nobody')))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('the time of last use', () => {
  test('is written at most once in five minutes', async () => {
    const tenant = await newTenant();
    const { text } = await issueToken(engine.table, order(tenant));
    let writes = 0;
    // A write whose condition does not hold costs as much as another.
    const metered = engine.table.with({
      beforeCall: async (operation) => {
        if (operation === 'update') writes++;
      },
    });
    const use = async (now: Date) => {
      const check = await findToken(metered, text, now);
      if ('token' in check) await recordTokenUse(metered, text, check.token, now);
    };

    await use(later(0));
    await use(later(5 * MINUTE - 1));
    await use(later(5 * MINUTE));

    expect(writes).toBe(2);
    expect((await listTokens(engine.table, tenant))[0]?.lastUsedAt).toBe(later(5 * MINUTE).toISOString());
  });

  test('is told when it cannot be written', async () => {
    const { text, token } = await issueToken(engine.table, order(await newTenant()));

    await expect(recordTokenUse(engine.table.named('absent'), text, token, NOW)).rejects.toThrow();
  });

  test('never brings back a token that was removed meanwhile', async () => {
    const { text, token } = await issueToken(engine.table, order(await newTenant()));
    await engine.table.write({ kind: 'delete', key: tokenKey(hashToken(text)) });

    await recordTokenUse(engine.table, text, token, NOW);

    expect(await findToken(engine.table, text, NOW)).toEqual({ outcome: 'unknown' });
  });
});
