import { type PlayedState, stateOf } from './answers';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const REFUSALS: PlayedState['connection']['refusals'] = [
  {
    type: 'request.refused',
    time: ago(95 * MINUTE_MS),
    method: 'POST',
    route: '/v2/Users',
    status: 409,
    scimType: 'uniqueness',
    detail: 'Another user has this userName.',
    advice: 'Two people with one userName are assigned: unassign one of them, or map another attribute.',
    count: 3,
  },
  {
    type: 'request.refused',
    time: ago(2 * DAY_MS),
    method: 'GET',
    route: '/v2/Users',
    status: 401,
    detail: 'The token has expired.',
    advice: 'Make another under Credentials and paste it at the identity provider.',
  },
];

/** A customer whose Entra ID has been connected for a month. */
export function connectedState(): PlayedState {
  const state = stateOf();
  return {
    ...state,
    page: {
      ...state.page,
      progress: { provider: 'entra-id', method: 'client-credentials', step: 'finished', done: ['provider'] },
    },
    connection: {
      state: 'active',
      meaning: 'Requests come, and are answered.',
      counts: { users: 1_284, groups: 37 },
      lastRequest: { time: ago(4 * MINUTE_MS), method: 'PATCH', route: '/v2/Groups/{id}', status: 204 },
      latestUser: {
        id: '0b9d2c4e-5a57-4f0c-9a53-4e0a1d7b7a10',
        userName: 'ada.lovelace@acme.example',
        displayName: 'Ada Lovelace',
        givenName: 'Ada',
        familyName: 'Lovelace',
        email: 'ada.lovelace@acme.example',
        externalId: '9f1c3a52-77d0-4f11-8f0e-2f6a1c0b9e55',
        active: true,
        createdAt: ago(20_000),
      },
      latestGroup: {
        id: '52a6e0c1-0b43-4b1c-8a9e-0d5b6a3f8c77',
        displayName: 'Engineering',
        externalId: '1d6e7b90-3c55-4d6e-a6b4-52e0f0a1c3d9',
        members: 42,
        createdAt: ago(8_000),
      },
      refusals: REFUSALS,
      now: ago(0),
    },
    credentials: {
      tokens: [
        {
          tokenId: 'Xk2mPq9LvR4',
          label: 'entra trial',
          scope: 'write',
          state: 'expired',
          createdAt: ago(60 * DAY_MS),
          expiresAt: ago(30 * DAY_MS),
          lastUsedAt: ago(31 * DAY_MS),
        },
      ],
      clients: [
        {
          clientId: 'scimclient_4c1f9be07a52d836',
          label: 'entra-id set-up page',
          scope: 'write',
          state: 'live',
          createdAt: ago(30 * DAY_MS),
          expiresAt: ago(-335 * DAY_MS),
          secrets: [
            {
              secretId: '7hJk2LmN4',
              hint: 'k3Vw',
              createdAt: ago(30 * DAY_MS),
              expiresAt: ago(-335 * DAY_MS),
              lastUsedAt: ago(4 * MINUTE_MS),
            },
          ],
        },
      ],
    },
    mappings: {
      items: [
        { by: 'displayName', group: 'Engineering', roles: ['editor'], isChangeable: true },
        { by: 'displayName', group: 'Finance', roles: ['billing-admin'], isChangeable: false },
      ],
    },
    groups: {
      items: [
        { id: '1', displayName: 'Engineering' },
        { id: '2', displayName: 'Support' },
      ],
    },
    preview: {
      before: [],
      after: ['viewer'],
      groups: ['2'],
      users: 14,
      inactive: 1,
      changes: [
        {
          role: 'viewer',
          change: 'gained',
          users: 14,
          first: [
            { id: 'a', userName: 'grace.hopper@acme.example' },
            { id: 'b', userName: 'alan.turing@acme.example' },
          ],
        },
      ],
    },
    log: {
      items: [
        {
          type: 'user.deactivated',
          time: ago(12 * MINUTE_MS),
          actor: 'client:4c1f9be07a52d836',
          resourceId: '7d2f1c88-4b6a-4d0c-9c57-6e1f0a2b3c4d',
          changed: ['active'],
        },
        {
          type: 'user.updated',
          time: ago(52 * MINUTE_MS),
          actor: 'client:4c1f9be07a52d836',
          resourceId: '0b9d2c4e-5a57-4f0c-9a53-4e0a1d7b7a10',
          changed: ['title', 'name.familyName'],
        },
        ...REFUSALS.slice(0, 1),
      ],
      nextCursor: 'next',
    },
  };
}
