import { randomUUID } from 'node:crypto';
import { accessOf } from '../../src/access';
import { DirectoryError } from '../../src/directory/errors';
import { createTenant } from '../../src/directory/tenants/tenants';
import { type Attack, requestAttack } from './attack';

const LAYERS = 8;
const WIDTH = 10;
const USERS = 20;

/** Layers of groups, each of which has the whole layer below as members: 10 to the power of 8 ways lead up. */
const lattice: Attack['prepare'] = async ({ table, tenant }, service) => {
  await createTenant(table, { tenantId: tenant, name: 'Attack' });
  const users = await each(USERS, (n) => service.create('/Users', { userName: `user ${n}` }));
  let below = users;
  for (let layer = 0; layer < LAYERS; layer++) {
    const members = below.map((value) => ({ value }));
    below = await each(WIDTH, (n) => service.create('/Groups', { displayName: `${layer} ${n}`, members }));
  }
  return { user: users[0] ?? '', top: below[0] ?? '' };
};

const each = <Result>(count: number, make: (n: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

const SHAPE = `${LAYERS} layers of ${WIDTH} groups`;

/** Groups in groups, with more ways than groups. */
export const GROUP_ATTACKS: readonly Attack[] = [
  requestAttack(`GET of a user below ${SHAPE}`, lattice, ({ user }) => ['GET', `/Users/${user}`]),
  requestAttack(`list of ${USERS} users below ${SHAPE}`, lattice, () => ['GET', '/Users']),
  requestAttack(`filter groups.value eq, ${SHAPE}`, lattice, ({ top }) => [
    'GET',
    `/Users?filter=groups.value eq "${top}"&excludedAttributes=groups`,
  ]),
  requestAttack(`filter groups.display co, ${SHAPE}`, lattice, () => [
    'GET',
    '/Users?filter=groups.display co "7 3"&excludedAttributes=groups',
  ]),
  ...[9_000, 100_000].map((count) =>
    requestAttack(
      `POST of a group with ${count} members that do not exist`,
      async () => ({}),
      () => [
        'POST',
        '/Groups',
        { displayName: 'nobody', members: Array.from({ length: count }, () => ({ value: randomUUID() })) },
      ],
    ),
  ),
  {
    name: `accessOf a user below ${SHAPE}`,
    prepare: lattice,
    run: async ({ table, tenant }, _, { user = '' }) => {
      try {
        const { groups } = await accessOf(table, tenant, user);
        return `${groups.length} groups`;
      } catch (error) {
        if (error instanceof DirectoryError) return error.code;
        throw error;
      }
    },
  },
];
