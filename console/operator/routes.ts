import type { InputOf, ResultOf, UseCase } from '../../src/admin-api/use-case';
import type { USE_CASES } from '../../src/admin-api/use-cases';
import type { CONSOLE_USE_CASES } from '../../src/console-api/use-cases';

type Tables = typeof USE_CASES & typeof CONSOLE_USE_CASES;

/** Every use case of the admin API and of the console's own, as in `users.show`. */
export type UseCaseName = {
  [Group in keyof Tables]: `${Group}.${keyof Tables[Group] & string}`;
}[keyof Tables];

type RowOf<Name extends UseCaseName> = Name extends `${infer Group}.${infer Verb}`
  ? Group extends keyof Tables
    ? Verb extends keyof Tables[Group]
      ? Tables[Group][Verb]
      : never
    : never
  : never;

type PathOf<Row> = Row extends UseCase<infer Path, infer _Query, infer _Body, infer _Result> ? Path : never;

/** What a use case is told. */
export type Input<Name extends UseCaseName> = InputOf<RowOf<Name>>;
/** What it answers. */
export type Result<Name extends UseCaseName> = ResultOf<RowOf<Name>>;
/** What is in a page of a list. */
export type Item<Name extends UseCaseName> =
  Result<Name> extends { readonly items: readonly (infer Each)[] } ? Each : never;

/**
 * Where each use case is. The compiler holds the paths to the tables' own, of which this page takes the types alone;
 * test/console/operator.test.ts holds the methods to them.
 */
export const ROUTES = {
  'tenants.create': ['POST', '/v1/tenants'],
  'tenants.list': ['GET', '/v1/tenants'],
  'tenants.suspend': ['POST', '/v1/tenants/{tenantId}/suspend'],
  'tenants.resume': ['POST', '/v1/tenants/{tenantId}/resume'],
  'tenants.show': ['GET', '/v1/tenants/{tenantId}'],
  'tenants.set': ['PATCH', '/v1/tenants/{tenantId}/settings'],
  'tokens.create': ['POST', '/v1/tenants/{tenantId}/tokens'],
  'tokens.rotate': ['POST', '/v1/tenants/{tenantId}/tokens/{tokenId}/rotate'],
  'tokens.revoke': ['POST', '/v1/tenants/{tenantId}/tokens/{tokenId}/revoke'],
  'clients.create': ['POST', '/v1/tenants/{tenantId}/clients'],
  'clients.rotate': ['POST', '/v1/tenants/{tenantId}/clients/{clientId}/rotate'],
  'clients.show': ['GET', '/v1/tenants/{tenantId}/clients/{clientId}'],
  'clients.trust': ['PUT', '/v1/tenants/{tenantId}/clients/{clientId}/trust'],
  'clients.removeTrust': ['DELETE', '/v1/tenants/{tenantId}/clients/{clientId}/trust'],
  'clients.revoke': ['POST', '/v1/tenants/{tenantId}/clients/{clientId}/revoke'],
  'setupLinks.create': ['POST', '/v1/tenants/{tenantId}/setup-links'],
  'setupLinks.list': ['GET', '/v1/tenants/{tenantId}/setup-links'],
  'setupLinks.revoke': ['POST', '/v1/tenants/{tenantId}/setup-links/{linkId}/revoke'],
  'users.find': ['GET', '/v1/tenants/{tenantId}/find/users'],
  'users.list': ['GET', '/v1/tenants/{tenantId}/users'],
  'users.show': ['GET', '/v1/tenants/{tenantId}/users/{userId}'],
  'users.restore': ['POST', '/v1/tenants/{tenantId}/users/{userId}/restore'],
  'users.protect': ['POST', '/v1/tenants/{tenantId}/users/{userId}/protect'],
  'users.unprotect': ['POST', '/v1/tenants/{tenantId}/users/{userId}/unprotect'],
  'users.erase': ['POST', '/v1/tenants/{tenantId}/users/{userId}/erase'],
  'sessions.revoke': ['POST', '/v1/tenants/{tenantId}/users/{userId}/sessions/revoke'],
  'groups.find': ['GET', '/v1/tenants/{tenantId}/find/groups'],
  'groups.list': ['GET', '/v1/tenants/{tenantId}/groups'],
  'groups.show': ['GET', '/v1/tenants/{tenantId}/groups/{groupId}'],
  'groups.restore': ['POST', '/v1/tenants/{tenantId}/groups/{groupId}/restore'],
  'roles.list': ['GET', '/v1/tenants/{tenantId}/role-mappings'],
  'roles.map': ['PUT', '/v1/tenants/{tenantId}/role-mappings'],
  'roles.unmap': ['DELETE', '/v1/tenants/{tenantId}/role-mappings'],
  'roles.preview': ['GET', '/v1/tenants/{tenantId}/role-mappings/preview'],
  'metrics.show': ['GET', '/v1/metrics'],
  'log.list': ['GET', '/v1/tenants/{tenantId}/log'],
  'accounts.import': ['POST', '/v1/tenants/{tenantId}/import'],
  'accounts.export': ['GET', '/v1/tenants/{tenantId}/export'],
  'console.about': ['GET', '/v1/console'],
  'console.system': ['GET', '/v1/console/system'],
  'jobs.start': ['POST', '/v1/console/jobs'],
  'jobs.list': ['GET', '/v1/console/jobs'],
  'jobs.show': ['GET', '/v1/console/jobs/{jobId}'],
  'jobs.stop': ['POST', '/v1/console/jobs/{jobId}/stop'],
  'playground.providers': ['GET', '/v1/console/playground'],
  'playground.send': ['POST', '/v1/console/playground'],
  'playground.feed': ['GET', '/v1/console/playground/feed'],
} as const satisfies {
  readonly [Name in UseCaseName]?: readonly [
    'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    PathOf<RowOf<Name>>,
  ];
};

/** A use case that this page calls. */
export type CalledName = keyof typeof ROUTES;
