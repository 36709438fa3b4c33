import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../../src/scim/json';
import { answerOf, type Fault, type Passed, type Passing } from './broken-gateway';

/** A way in which a deployment is broken, and the rows that must tell it, of those that are run. */
export interface Breakage {
  readonly what: string;
  /** @param token of another tenant */
  readonly fault: (token: string) => Fault;
  /** Which checks are run. */
  readonly only: readonly string[];
  readonly fails: readonly string[];
  /** How long to wait for what never comes. */
  readonly streamMs?: number;
}

const LIVES = ['entra', 'entra-flag', 'okta'];

export const BREAKAGES: readonly Breakage[] = [
  {
    what: 'answers lose their ETag',
    fault: () => async (_request, forward) => without(await forward(), 'etag'),
    only: ['http', 'concurrency'],
    fails: ['http.etag', 'http.if-match', 'concurrency.if-match'],
  },
  {
    what: 'If-Match is dropped',
    fault: () => (request, forward) => {
      delete request.headers['if-match'];
      return forward();
    },
    only: ['http', 'concurrency'],
    fails: ['http.if-match', 'concurrency.if-match'],
  },
  {
    what: 'paths without a route are answered in HTML',
    fault: () => async (request, forward) =>
      /^\/(?:Users|Groups|Bulk|Me|\.search|$)/.test(request.path)
        ? forward()
        : or(await forward(), 404, answerOf(404, 'text/html', '<h1>Not found</h1>')),
    only: ['errors.404', 'errors.405', 'http'],
    fails: ['errors.404'],
  },
  {
    what: 'every 404 is answered in plain JSON',
    fault: () => async (_request, forward) =>
      or(await forward(), 404, answerOf(404, 'application/json', '{"message":"Not found"}')),
    only: ['errors.404', 'errors.409', 'lists', ...LIVES],
    fails: [
      'errors.404',
      'lists.tenants',
      'entra.user',
      'entra.group',
      'entra-flag.user',
      'entra-flag.group',
      'okta.user',
      'okta.group',
    ],
  },
  {
    what: 'the challenge has the name that the gateway gives it',
    fault: () => async (_request, forward) => {
      const answer = await forward();
      const { 'www-authenticate': challenge, ...headers } = answer.headers;
      return challenge === undefined
        ? answer
        : { ...answer, headers: { ...headers, 'x-amzn-remapped-www-authenticate': challenge } };
    },
    only: ['errors.401', 'errors.403'],
    fails: ['errors.401'],
  },
  {
    what: 'whoever has no token is let in with that of somebody else',
    fault: (token) => repeatedWith(token, 401),
    only: ['errors.401', 'errors.403', 'tokens'],
    fails: ['errors.401', 'tokens.expiry', 'tokens.revocation'],
  },
  {
    what: 'a read token may write',
    fault: (token) => repeatedWith(token, 403),
    only: ['errors.401', 'errors.403'],
    fails: ['errors.403'],
  },
  {
    what: 'one tenant reads what another has',
    fault: readingAcrossTenants,
    only: ['lists.tenants'],
    fails: ['lists.tenants'],
  },
  {
    what: 'nothing is compressed',
    fault: () => (request, forward) => {
      delete request.headers['accept-encoding'];
      return forward();
    },
    only: ['http'],
    fails: ['http.gzip-answer'],
  },
  {
    what: 'compressed bodies are not unpacked',
    fault: () => (request, forward) => {
      delete request.headers['content-encoding'];
      return forward();
    },
    only: ['http'],
    fails: ['http.gzip-request'],
  },
  {
    what: 'HEAD is not permitted',
    fault: () => async (request, forward) =>
      request.method === 'HEAD' ? answerOf(405, 'application/scim+json', '') : forward(),
    only: ['http'],
    fails: ['http.head'],
  },
  {
    what: 'searches find nobody',
    fault: () => async (request, forward) =>
      request.path.endsWith('/.search')
        ? answerOf(200, 'application/scim+json', '{"totalResults":0,"Resources":[]}')
        : forward(),
    only: ['http'],
    fails: ['http.search'],
  },
  {
    what: 'a ";" ends the query, and half a filter is taken for none',
    fault: () => (request, forward) => {
      if (/[?&]filter=[^&]*;/.test(request.path)) request.path = request.path.split('?')[0] ?? '';
      return forward();
    },
    only: ['http'],
    fails: ['http.semicolon'],
  },
  {
    what: 'ids in the path are not decoded',
    fault: () => async (request, forward) =>
      request.path.startsWith('/Users/%') ? { ...(await forward()), status: 404 } : forward(),
    only: ['http'],
    fails: ['http.encoded-id'],
  },
  {
    what: 'long values are a fault of DynamoDB',
    fault: () => async (request, forward) => (request.path.length > 2_000 ? scimError(503) : forward()),
    only: ['http'],
    fails: ['http.long-values'],
  },
  {
    what: 'a body that is too large is a fault of the server',
    fault: () => async (_request, forward) =>
      or(await forward(), 413, answerOf(500, 'application/json', '{"message":null}')),
    only: ['errors.413-function', 'errors.413-gateway', 'errors.415'],
    fails: ['errors.413-function', 'errors.413-gateway'],
  },
  {
    what: 'errors are declared as plain JSON',
    fault: () => async (_request, forward) => {
      const answer = await forward();
      return answer.status < 400
        ? answer
        : { ...answer, headers: { ...answer.headers, 'content-type': 'application/json' } };
    },
    only: ['errors'],
    fails: [
      'errors.400',
      'errors.401',
      'errors.403',
      'errors.404',
      'errors.405',
      'errors.406',
      'errors.409',
      'errors.413-function',
      'errors.413-gateway',
      'errors.415',
      'errors.501',
    ],
  },
  {
    what: 'additions of members that meet are a fault of the server',
    fault: () => {
      let underWay = 0;
      return async (request, forward) => {
        if (!isMemberChange(request)) return forward();
        underWay++;
        try {
          return underWay > 1 ? scimError(500) : await forward();
        } finally {
          underWay--;
        }
      };
    },
    only: ['concurrency', 'lists'],
    fails: ['concurrency.members'],
  },
  {
    what: 'one addition of a member is acknowledged and lost',
    fault: () => {
      let lost = 0;
      return async (request, forward) =>
        isMemberChange(request) && lost++ === 4 ? answerOf(204, 'application/scim+json', '') : forward();
    },
    only: ['concurrency'],
    fails: ['concurrency.members'],
  },
  {
    what: 'removing one member with its value removes all',
    fault: () => (request, forward) => {
      const text = request.body.toString().replace(/("op":"Remove","path":"members"),"value":\[.*?\]/, '$1');
      return forward(withBody(request, text));
    },
    only: LIVES,
    fails: ['entra.group'],
  },
  {
    what: 'filtered paths are refused',
    fault: () => async (request, forward) =>
      request.body.includes('emails[type eq') ? scimError(400) : forward(),
    only: LIVES,
    fails: ['entra.user', 'entra-flag.user'],
  },
  {
    what: 'a PATCH without a path is refused',
    fault: () => async (request, forward) =>
      request.method === 'PATCH' && /"op":"replace","value"/.test(request.body.toString())
        ? scimError(400)
        : forward(),
    only: LIVES,
    fails: ['entra-flag.user', 'entra-flag.group', 'okta.user', 'okta.group'],
  },
  {
    what: 'a deactivation is acknowledged and not done',
    fault: () => async (request, forward) =>
      request.method === 'PATCH' && /"path":"active","value":"False"/.test(request.body.toString())
        ? answerOf(204, 'application/scim+json', '')
        : forward(),
    only: [...LIVES, 'offboarding.deactivation', 'offboarding.deletion'],
    fails: ['entra.user', 'offboarding.deactivation'],
  },
  {
    what: 'a deletion is acknowledged and not done',
    fault: () => async (request, forward) =>
      request.method === 'DELETE' ? answerOf(204, 'application/scim+json', '') : forward(),
    only: ['offboarding.deletion', 'offboarding.follow-up', 'discovery'],
    fails: ['offboarding.deletion', 'offboarding.follow-up'],
    streamMs: 500,
  },
  {
    what: 'URLs in answers name another host',
    fault: () => (request, forward) => {
      request.headers.host = 'elsewhere.example';
      return forward();
    },
    only: ['discovery'],
    fails: ['discovery.urls'],
  },
  {
    what: 'schemas have nulls',
    fault: () => async (request, forward) => {
      const answer = await forward();
      return request.path !== '/Schemas'
        ? answer
        : {
            ...answer,
            body: Buffer.from(answer.body.toString().replace('"caseExact":true', '"caseExact":null')),
          };
    },
    only: ['discovery'],
    fails: ['discovery.documents'],
  },
  {
    what: 'pages lose somebody',
    fault: () => async (request, forward) => {
      const answer = await forward();
      if (!/^\/Users\?(?:startIndex|cursor)/.test(request.path)) return answer;
      const list: unknown = JSON.parse(answer.body.toString());
      const resources = isJsonObject(list) && Array.isArray(list.Resources) ? list.Resources.slice(1) : [];
      return { ...answer, body: Buffer.from(JSON.stringify({ ...Object(list), Resources: resources })) };
    },
    only: ['lists'],
    fails: ['lists.pages'],
  },
  {
    what: 'Bulk is not there',
    fault: () => async (request, forward) => (request.path === '/Bulk' ? scimError(404) : forward()),
    only: ['bulk', 'discovery'],
    fails: ['bulk.references'],
  },
];

/** Answers later than the limit that the test sets. */
export const slowReads =
  (milliseconds: number): Fault =>
  async (request, forward) => {
    if (request.method === 'GET' && /^\/Users\/[^?]/.test(request.path)) await delay(milliseconds);
    return forward();
  };

const scimError = (status: number): Passed =>
  answerOf(
    status,
    'application/scim+json',
    JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      detail: 'broken on purpose',
    }),
  );

const or = <Other>(answer: Passed, status: number, other: Other): Passed | Other =>
  answer.status === status ? other : answer;

function without(answer: Passed, header: string): Passed {
  const { [header]: _, ...headers } = answer.headers;
  return { ...answer, headers };
}

const withBody = (request: Passing, text: string): Passing => ({
  ...request,
  headers: { ...request.headers, 'content-length': String(Buffer.byteLength(text)) },
  body: Buffer.from(text),
});

const isMemberChange = ({ method, body }: Passing): boolean =>
  method === 'PATCH' && body.includes('"path":"members"');

/** Repeats what was refused with another token. */
const repeatedWith =
  (token: string, refusal: number): Fault =>
  async (request, forward) =>
    or(await forward(), refusal, undefined) ??
    forward({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });

/** Repeats what is not found with the token that created something last. */
function readingAcrossTenants(): Fault {
  let creator: string | undefined;
  return async (request, forward) => {
    const answer = await forward();
    if (answer.status === 201) creator = request.headers.authorization;
    return answer.status === 404 && creator !== undefined
      ? forward({ ...request, headers: { ...request.headers, authorization: creator } })
      : answer;
  };
}
