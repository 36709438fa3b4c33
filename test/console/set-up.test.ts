import { lastArrival } from '../../console/setup/arrival';
import { clientOfTrust, isOwn, ownCredential, ownLabel } from '../../console/setup/own-credential';
import type { SetupResults } from '../../src/setup-api/routes';

/** What the set-up page works out by itself, without a browser. */
const arrived = (change: object) =>
  lastArrival({
    ...{ state: 'active', meaning: 'Requests come.', counts: { users: 0, groups: 0 } },
    ...{ refusals: [], now: '2026-11-25T12:00:00.000Z' },
    ...change,
  });

describe('the live line', () => {
  const time = '2026-11-25T11:00:00.000Z';
  const refusal = {
    ...{ time, type: 'request.refused', method: 'POST', route: '/v2/Users', status: 409, detail: 'taken' },
  };

  test('waits, turns green with an answer, and red with a refusal and its reason', () => {
    expect(arrived({})).toEqual({ arrival: 'waiting' });
    const answered = { time, method: 'GET', route: '/v2/Users', status: 200 };
    expect(arrived({ lastRequest: answered })).toEqual({ arrival: 'good', request: answered });
    expect(arrived({ refusals: [refusal] })).toMatchObject({ arrival: 'bad', request: { detail: 'taken' } });
    const refused = { time, method: 'POST', route: '/v2/Users', status: 409 };
    expect(arrived({ lastRequest: refused, refusals: [refusal] })).toMatchObject({
      arrival: 'bad',
      request: { detail: 'taken' },
    });
  });

  test('tells of the request that came last, and not of a refusal before it', () => {
    const unknown = {
      time: '2026-11-25T11:30:00.000Z',
      status: 401,
      detail: 'a token that was never given out',
    };
    expect(arrived({ lastRequest: unknown, refusals: [refusal] })).toEqual({
      arrival: 'bad',
      request: unknown,
    });
    const answered = { time: '2026-11-25T11:30:00.000Z', method: 'GET', route: '/v2/Schemas' };
    expect(arrived({ lastRequest: answered, refusals: [refusal] }).arrival).toBe('good');
  });

  test('is green when somebody was looked for who is not there', () => {
    const lookedFor = { time, method: 'GET', route: '/v2/Users/{id}', status: 404 };
    expect(arrived({ lastRequest: lookedFor }).arrival).toBe('good');
    expect(arrived({ lastRequest: { ...lookedFor, method: 'PATCH' } }).arrival).toBe('bad');
  });
});

const OKTA = { id: 'okta' };

const facts = (label: string, createdAt: string) => ({
  ...{ label, createdAt, scope: 'write' as const, state: 'live' as const },
  expiresAt: '2027-11-25T00:00:00.000Z',
});
const token = (tokenId: string, label: string, createdAt: string) => ({
  tokenId,
  ...facts(label, createdAt),
});
const client = (clientId: string, label: string, createdAt: string) => ({
  clientId,
  ...facts(label, createdAt),
  secrets: [{ secretId: '7hJk2LmN4', hint: 'k3Vw', createdAt, expiresAt: '2027-11-25T00:00:00.000Z' }],
});

describe('the credentials that the page succeeds and ends', () => {
  const listed: SetupResults['GET /credentials'] = {
    tokens: [
      token('of-the-vendor', 'okta', '2026-11-25T03:00:00.000Z'),
      token('of-entra', ownLabel({ id: 'entra-id' }), '2026-11-25T02:00:00.000Z'),
      token('own', ownLabel(OKTA), '2026-11-25T01:00:00.000Z'),
    ],
    clients: [client('of-the-vendor', 'entra', '2026-11-25T03:00:00.000Z')],
  };

  test('are its own of this identity provider, also where others were made later', () => {
    expect(ownCredential(listed, 'token', OKTA)).toMatchObject({ id: 'own', isUsed: false });
    expect(ownCredential(listed, 'client', OKTA)).toBeUndefined();
    expect(ownCredential(listed, 'token', { id: 'keycloak' })).toBeUndefined();
  });

  test('are accepted, and may write', () => {
    const with_ = (change: object) =>
      ownCredential(
        { clients: [], tokens: listed.tokens.map((each) => ({ ...each, ...change })) },
        'token',
        OKTA,
      );
    expect(with_({ state: 'revoked' })).toBeUndefined();
    expect(with_({ scope: 'read' })).toBeUndefined();
    expect(with_({ lastUsedAt: '2026-11-25T04:00:00.000Z' })).toMatchObject({ isUsed: true });
  });

  test('have a label that a token may have, by which the page knows them', () => {
    expect(ownLabel(OKTA)).toMatch(/^(?! +$)[\w .@-]{1,64}$/);
    expect(isOwn({ label: ownLabel(OKTA) }, OKTA)).toBe(true);
    expect(isOwn({ label: 'okta' }, OKTA)).toBe(false);
  });
});

test('a trust is told of whoever has one, and given to a client of the page alone', () => {
  const vendors = client('of-the-vendor', 'entra', '2026-11-25T03:00:00.000Z');
  const own = client('own', ownLabel(OKTA), '2026-11-25T01:00:00.000Z');
  const trust = {
    ...{ issuer: 'i', subject: 's', audience: 'a', jwks: 'https://i.example/keys' },
    createdAt: '2026-11-25T03:00:00.000Z',
  };
  expect(clientOfTrust([vendors, own], OKTA)?.clientId).toBe('own');
  expect(clientOfTrust([vendors], OKTA)).toBeUndefined();
  expect(clientOfTrust([{ ...vendors, trust }, own], OKTA)?.clientId).toBe('of-the-vendor');
});
