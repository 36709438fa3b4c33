import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { EVENT_TYPES, type ScimEvent } from '../../src/events/event';
import { eventsOf } from '../../src/events/events-of';
import { publishInOrder } from '../../src/events/publish';
import type { StreamChange, StreamImage } from '../../src/events/stream-change';

const ID = '2819c223-7f76-453a-919d-413861904646';
const GROUP = 'e9e30dba-f08f-4109-8486-d5c6a331660a';
const folder = join(__dirname, '../../docs/events');
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
const schemas = readdirSync(folder).map((file) => ({
  name: file.split('.')[0],
  validate: ajv.compile(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
}));

function expectValid(event: ScimEvent): void {
  const family = event.type.split('.')[0];
  const schema = schemas.find(({ name }) => name === family);
  expect({ valid: schema?.validate(event), errors: schema?.validate.errors }).toEqual({
    valid: true,
    errors: null,
  });
}

let sequence = 0;
const change = (
  pk: string,
  sk: string,
  before: StreamImage | undefined,
  after: StreamImage | undefined,
): StreamChange => ({
  key: { pk, sk },
  before,
  after,
  sequence: String(++sequence),
  at: new Date('2026-11-23T12:00:00Z'),
});
const image = (
  version: number,
  attributes: { active?: boolean; [name: string]: unknown },
  more: StreamImage = {},
) => ({
  version: { N: String(version) },
  body: { S: JSON.stringify(attributes) },
  active: { BOOL: attributes.active !== false },
  ...more,
});
const userChange = (before: StreamImage | undefined, after: StreamImage | undefined) =>
  change('T#acme#', `U#${ID}`, before, after);
const told = (changes: StreamChange) => eventsOf(changes).map(({ type, data }) => ({ type, data }));

test.each<[string, StreamChange, object[]]>([
  [
    'a user comes',
    userChange(undefined, image(1, { userName: 'ann', active: true })),
    [{ type: 'user.provisioned', data: { userId: ID, active: true, resourceVersion: 1 } }],
  ],
  [
    'an attribute changes',
    userChange(image(1, { userName: 'ann', title: 'x' }), image(2, { userName: 'ann', nickName: 'y' })),
    [
      {
        type: 'user.updated',
        data: { userId: ID, active: true, resourceVersion: 2, changed: ['nickName', 'title'] },
      },
    ],
  ],
  [
    'a user without `active` is deactivated, with another attribute',
    userChange(image(1, { title: 'x' }), image(2, { title: 'y', active: false })),
    [
      {
        type: 'user.deactivated',
        data: { userId: ID, active: false, resourceVersion: 2, changed: ['active', 'title'] },
      },
    ],
  ],
  [
    'a user is reactivated',
    userChange(image(2, { active: false }), image(3, { active: true })),
    [
      {
        type: 'user.reactivated',
        data: { userId: ID, active: true, resourceVersion: 3, changed: ['active'] },
      },
    ],
  ],
  [
    'a user goes',
    userChange(image(2, { active: true }), undefined),
    [{ type: 'user.deleted', data: { userId: ID } }],
  ],
  [
    'the retention of a deleted user ends',
    change('T#acme#D', `U#${ID}`, { deletedAt: { N: '1' } }, undefined),
    [{ type: 'user.data_deletion_due', data: { userId: ID } }],
  ],
  [
    'a deleted user is restored',
    userChange(
      undefined,
      image(3, { userName: 'ann', active: false }, { restoredAt: { N: '1795435200000' } }),
    ),
    [{ type: 'user.restored', data: { userId: ID, active: false, resourceVersion: 3 } }],
  ],
  [
    'a deleted group is restored',
    change(
      'T#acme#',
      `G#${GROUP}`,
      undefined,
      image(3, { displayName: 'All' }, { restoredAt: { N: '1795435200000' } }),
    ),
    [{ type: 'group.restored', data: { groupId: GROUP, resourceVersion: 3 } }],
  ],
  [
    'the tombstone of a restored user goes before its time',
    change('T#acme#D', `U#${ID}`, { deletedAt: { N: '1' }, expiresAt: { N: '4102444800' } }, undefined),
    [],
  ],
  [
    'the tombstone of a user who is there is removed by the check',
    change('T#acme#D', `U#${ID}`, { deletedAt: { N: '1' }, revived: { BOOL: true } }, undefined),
    [],
  ],
  [
    'the revoker is done with a user',
    userChange(
      image(2, { active: false }, { revocationPending: { N: '1795435200000' } }),
      image(2, { active: false }),
    ),
    [{ type: 'sessions.revoked', data: { userId: ID, requestedAt: '2026-11-23T12:00:00.000Z' } }],
  ],
  [
    'the revoker is done with a deleted user',
    change(
      'T#acme#D',
      `U#${ID}`,
      { revocationPending: { N: '1795435200000' } },
      { cleanupPending: { N: '1' } },
    ),
    [{ type: 'sessions.revoked', data: { userId: ID, requestedAt: '2026-11-23T12:00:00.000Z' } }],
  ],
  [
    'a group comes',
    change('T#acme#', `G#${GROUP}`, undefined, image(1, { displayName: 'All' })),
    [{ type: 'group.provisioned', data: { groupId: GROUP, resourceVersion: 1 } }],
  ],
  [
    'a group is renamed',
    change('T#acme#', `G#${GROUP}`, image(1, { displayName: 'All' }), image(2, { displayName: 'Some' })),
    [{ type: 'group.updated', data: { groupId: GROUP, resourceVersion: 2, changed: ['displayName'] } }],
  ],
  [
    'a group goes',
    change('T#acme#', `G#${GROUP}`, image(1, {}), undefined),
    [{ type: 'group.deleted', data: { groupId: GROUP } }],
  ],
  [
    'a member comes',
    change(`T#acme#M#${GROUP}`, ID, undefined, { g1: { S: `T#acme#MU#${ID}` } }),
    [{ type: 'membership.added', data: { groupId: GROUP, memberId: ID, memberType: 'User' } }],
  ],
  [
    'a group ceases to be a member',
    change(`T#acme#M#${GROUP}`, ID, { kind: { S: 'G' } }, undefined),
    [{ type: 'membership.removed', data: { groupId: GROUP, memberId: ID, memberType: 'Group' } }],
  ],
  [
    'a tenant goes',
    change('TENANT#acme#', '-', { g1: { S: 'TENANTS' } }, undefined),
    [{ type: 'tenant.deleted', data: {} }],
  ],
])('when %s', (_name, changed, expected) => {
  const events = eventsOf(changed);

  expect(events.map(({ type, data }) => ({ type, data }))).toEqual(expected);
  for (const event of events) expectValid(event);
});

test.each<[string, StreamChange]>([
  ['a put of what was there', userChange(image(1, { title: 'x' }), image(1, { title: 'x' }))],
  ['a raised version alone', change('T#acme#', `G#${GROUP}`, image(1, {}), image(2, {}))],
  ['attributes in another order', userChange(image(1, { a: 1, b: 2 }), image(2, { b: 2, a: 1 }))],
  ['a mark that is set', userChange(image(1, {}), image(1, {}, { revocationPending: { N: '5' } }))],
  [
    'a mark that is renewed before it was worked off',
    userChange(
      image(1, {}, { revocationPending: { N: '5' } }),
      image(1, {}, { revocationPending: { N: '6' } }),
    ),
  ],
  ['a member that was one', change(`T#acme#M#${GROUP}`, ID, { g1: { S: 'x' } }, { g1: { S: 'x' } })],
  ['a tombstone that comes', change('T#acme#D', `U#${ID}`, undefined, { deletedAt: { N: '1' } })],
  ['an index item', change('T#acme#V#=ann', `U#${ID}`, undefined, {})],
  ['a session', change(`S#acme#${ID}`, 'x', undefined, {})],
  ['a token', change(`K#${'0'.repeat(64)}`, '-', undefined, {})],
])('%s tells nothing', (_name, changed) => {
  expect(told(changed)).toEqual([]);
});

test('the id of an event depends on what happened, not on when it was read', () => {
  const changed = userChange(image(1, { active: true }), image(2, { active: false }));
  const again = { ...changed, sequence: '999', at: new Date() };
  const later = userChange(image(3, { active: true }), image(4, { active: false }));

  expect(eventsOf(again)[0]?.id).toBe(eventsOf(changed)[0]?.id);
  expect(eventsOf(later)[0]?.id).not.toBe(eventsOf(changed)[0]?.id);
});

test('no event carries personal data unless it is asked for', () => {
  const secret = 'ann@example.com';
  const changed = userChange(image(1, { userName: 'x' }), image(2, { userName: secret }));

  expect(JSON.stringify(eventsOf(changed))).not.toContain(secret);
  const [event] = eventsOf(changed, { withAttributes: true });
  expect(event?.data.attributes).toEqual({ userName: secret });
  if (event !== undefined) expectValid(event);
});

test('the deletion of a restored user is another event than the deletion before, and so is another restoration', () => {
  const idsOf = (...changes: StreamChange[]) => changes.flatMap((each) => eventsOf(each).map(({ id }) => id));
  const at = (version: number) => image(version, { userName: 'ann' }, { restoredAt: { N: '1795435200000' } });

  const ids = idsOf(
    userChange(image(1, { userName: 'ann' }), undefined),
    userChange(undefined, at(2)),
    userChange(at(2), undefined),
    userChange(undefined, at(3)),
  );

  expect(new Set(ids).size).toBe(4);
});

test('every type has a schema that names it', () => {
  for (const type of EVENT_TYPES) {
    const schema = readFileSync(join(folder, `${type.split('.')[0]}.v1.json`), 'utf8');
    expect(schema).toContain(`"${type}"`);
  }
});

describe('publishing', () => {
  const event = (n: number): ScimEvent => ({
    id: String(n).padStart(22, '0'),
    version: '1',
    type: 'user.deleted',
    time: '2026-11-23T12:00:00.000Z',
    tenantId: 'acme',
    sequence: String(n),
    data: { userId: ID },
  });

  test('stops at the first event that is not accepted, and counts those before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(35), fc.nat(40), async (count, refused) => {
        const sent: number[] = [];
        const client = {
          send: async ({ input }: { input: { Entries?: { Detail?: string }[] } }) => ({
            Entries: (input.Entries ?? []).map(({ Detail = '{}' }) => {
              const number = Number(JSON.parse(Detail).sequence);
              sent.push(number);
              return number === refused ? { ErrorCode: 'InternalFailure' } : { EventId: 'x' };
            }),
          }),
        };
        const events = Array.from({ length: count }, (_, n) => event(n));

        const accepted = await publishInOrder(client as never, 'bus', events);

        expect(accepted).toBe(Math.min(count, refused));
        expect(sent).toEqual([...sent].sort((a, b) => a - b));
      }),
    );
  });
});
