import { randomBytes } from 'node:crypto';
import type { SetupResults, SetupRouteKey } from '../../src/setup-api/routes';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** What the played service knows; a test or a picture changes it at will. */
export interface PlayedState {
  branding: SetupResults['GET /branding'];
  page: SetupResults['GET /page'];
  connection: Mutable<SetupResults['GET /connection']>;
  credentials: SetupResults['GET /credentials'];
  mappings: SetupResults['GET /role-mappings'];
  groups: SetupResults['GET /groups'];
  furtherGroups?: SetupResults['GET /groups']['items'];
  preview: SetupResults['GET /role-mappings/preview'];
  log: SetupResults['GET /log'];
  /** Whether the gateway cannot be told of what is revoked. */
  isGatewayAway?: boolean;
}

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

/** A customer who has just opened their link. */
export const stateOf = (changes: Partial<PlayedState> = {}): PlayedState => ({
  branding: { vendor: 'Example Software', support: 'mailto:support@example.com' },
  page: {
    tenant: { name: 'Acme' },
    link: {
      linkId: 'link-1',
      for: 'IT of Acme',
      may: ['credentials', 'roles', 'log'],
      roles: ['viewer', 'editor', 'admin'],
      expiresAt: inDays(7),
    },
    urls: {
      baseUrl: 'https://scim.example.com/scim/v2',
      tokenUrl: 'https://scim.example.com/scim/oauth2/token',
    },
    progress: {},
  },
  connection: {
    state: 'neverSeen',
    meaning: 'Nothing has come from an identity provider yet.',
    counts: { users: 0, groups: 0 },
    refusals: [],
    now: new Date().toISOString(),
  },
  credentials: { tokens: [], clients: [] },
  mappings: { items: [] },
  groups: { items: [] },
  preview: { before: [], after: [], groups: [], users: 0, inactive: 0, changes: [] },
  log: { items: [] },
  ...changes,
});

/** Answers a request of the page as the service would, and changes the state by it. */
export function answers(state: PlayedState, request: string, input: object): SetupResults[SetupRouteKey] {
  const [, rotated] = /^POST \/(?:tokens|clients)\/([^/]+)\/rotate$/.exec(request) ?? [];
  if (rotated !== undefined || request === 'POST /tokens' || request === 'POST /clients') {
    return request.includes('/clients')
      ? makeClient(state, input, rotated)
      : makeToken(state, input, rotated);
  }
  const [, revoked] = /^POST \/(?:tokens|clients)\/([^/]+)\/revoke$/.exec(request) ?? [];
  if (revoked !== undefined) return revoke(state, revoked);
  const [, method, trusting] = /^(PUT|DELETE) \/clients\/([^/]+)\/trust$/.exec(request) ?? [];
  if (trusting !== undefined) return changeTrust(state, trusting, method === 'PUT' ? input : undefined);
  switch (request) {
    case 'GET /page':
      return state.page;
    case 'PUT /progress':
      state.page = { ...state.page, progress: input };
      return input;
    case 'GET /connection':
      return { ...state.connection, now: new Date().toISOString() };
    case 'GET /credentials':
      return state.credentials;
    case 'GET /groups':
      return 'prefix' in input ? foundGroups(state, String(input.prefix)) : state.groups;
    case 'GET /role-mappings':
      return state.mappings;
    case 'GET /role-mappings/preview':
      return state.preview;
    case 'GET /log':
      return state.log;
    default:
      throw new Error(`Nothing is played for ${request}.`);
  }
}

/** Of all groups, also of those that the first page does not show. */
const foundGroups = ({ furtherGroups = [], groups }: PlayedState, prefix: string): PlayedState['groups'] => ({
  items: [...groups.items, ...furtherGroups].filter(({ displayName }) =>
    displayName.toLowerCase().startsWith(prefix.toLowerCase()),
  ),
});

const facts = (label: string) => ({
  label,
  scope: 'write' as const,
  state: 'live' as const,
  createdAt: new Date().toISOString(),
  expiresAt: inDays(365),
});

/** A successor has the label of the one before. */
const labelOf = (input: object, before: { readonly label: string } | undefined): string =>
  before?.label ?? ('label' in input ? String(input.label) : '');

function makeToken(
  state: PlayedState,
  input: object,
  rotated: string | undefined,
): SetupResults['POST /tokens'] {
  const label = labelOf(
    input,
    state.credentials.tokens.find(({ tokenId }) => tokenId === rotated),
  );
  const made = { ...facts(label), tokenId: randomBytes(8).toString('hex') };
  state.credentials = { ...state.credentials, tokens: [made, ...state.credentials.tokens] };
  return { ...made, token: `scim_${randomBytes(32).toString('base64url')}` };
}

function revoke(state: PlayedState, id: string): SetupResults[SetupRouteKey] {
  const isEffective = state.isGatewayAway !== true;
  const gone = { state: 'revoked' as const, revokedAt: new Date().toISOString(), isEffective };
  const tokens = state.credentials.tokens.map((each) => (each.tokenId === id ? { ...each, ...gone } : each));
  const clients = state.credentials.clients.map((each) =>
    each.clientId === id ? { ...each, ...gone } : each,
  );
  state.credentials = { tokens, clients };
  const one = tokens.find(({ tokenId }) => tokenId === id) ?? clients.find(({ clientId }) => clientId === id);
  if (one === undefined) throw new Error(`Nothing is played with the id ${id}.`);
  return { ...one, isEffective };
}

function changeTrust(
  state: PlayedState,
  id: string,
  order: object | undefined,
): SetupResults['PUT /clients/{clientId}/trust'] {
  const present = state.credentials.clients.find(({ clientId }) => clientId === id);
  if (present === undefined) throw new Error(`Nothing is played with the id ${id}.`);
  const { trust: before, ...bare } = present;
  const asked = { createdAt: new Date().toISOString(), ...before, ...order };
  const { endSecrets, ...trust } = asked as NonNullable<typeof before> & { endSecrets?: boolean };
  const changed = {
    ...bare,
    ...(order === undefined ? {} : { trust }),
    secrets: endSecrets === true ? [] : bare.secrets,
  };
  const clients = state.credentials.clients.map((each) => (each.clientId === id ? changed : each));
  state.credentials = { ...state.credentials, clients };
  return changed;
}

function makeClient(
  state: PlayedState,
  input: object,
  rotated: string | undefined,
): SetupResults['POST /clients'] {
  const [present] = state.credentials.clients.filter(({ clientId }) => clientId === rotated);
  const clientSecret = `scimsecret_${randomBytes(32).toString('base64url')}`;
  const { createdAt, expiresAt, ...others } = facts(labelOf(input, present));
  const secret = {
    secretId: randomBytes(4).toString('hex'),
    hint: clientSecret.slice(-4),
    createdAt,
    expiresAt,
  };
  const ended = 'replace' in input ? input.replace : undefined;
  const made = {
    ...(present ?? { ...others, createdAt, clientId: `scimclient_${randomBytes(12).toString('hex')}` }),
    secrets: [secret, ...(present?.secrets ?? []).filter(({ secretId }) => secretId !== ended)],
  };
  const kept = state.credentials.clients.filter(({ clientId }) => clientId !== rotated);
  state.credentials = { ...state.credentials, clients: [made, ...kept] };
  return { ...made, clientSecret };
}
