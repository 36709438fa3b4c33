import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;

/**
 * Who has written something: `token:<id>` (a SCIM token), `client:<id>` (an OAuth client, by whichever of its access
 * tokens), `admin:<who>` (an administrator's command or request), `setup:<id>` (the customer's administrator, by a link
 * to the set-up page), `app` (the vendor's app: a login that creates its user, roles, sessions), `service` (what the
 * service finishes or mends by itself).
 */
export type Actor = string & { readonly [brand]: 'Actor' };

/**
 * Where a write comes from. Its fields are attributes of the items that it writes: some bytes more, no write more, and
 * the stream tells the provisioning log who it was (docs/provisioning-log.md).
 */
export interface Origin {
  readonly actor: Actor;
  /**
   * What everything of one request shares: API Gateway's id of a SCIM request (all operations of a Bulk request have
   * it), Lambda's of a run of the service itself, one of its own for a command or a login.
   */
  readonly requestId: string;
}

/** A request that presents a token. @param tokenId the token's public id */
export const tokenOrigin = (tokenId: string, requestId: string): Origin => ({
  actor: `token:${tokenId}` as Actor,
  requestId,
});

/** A request of an OAuth client. */
export const clientOrigin = (clientId: string, requestId: string): Origin => ({
  actor: `client:${clientId}` as Actor,
  requestId,
});

/** A request, by what its authorizer has told of it: a client, or else a token. */
export const credentialOrigin = (
  { clientId, tokenId }: { readonly clientId?: unknown; readonly tokenId?: unknown },
  requestId: string,
): Origin =>
  clientId === undefined
    ? tokenOrigin(String(tokenId), requestId)
    : clientOrigin(String(clientId), requestId);

/** A command of whoever operates the service. @param who as they or their computer name them */
export const adminOrigin = (who: string, requestId: string = randomUUID()): Origin => ({
  actor: `admin:${who}` as Actor,
  requestId,
});

/** A request of the set-up page. @param linkId the public id of the link that it was opened by */
export const setupOrigin = (linkId: string, requestId: string): Origin => ({
  actor: `setup:${linkId}` as Actor,
  requestId,
});

/** A call of the vendor's app, by way of the client. */
export const appOrigin = (): Origin => ({ actor: 'app' as Actor, requestId: randomUUID() });

/** A run of the service itself, for what nobody asks for at this moment. */
export const serviceOrigin = (requestId: string = randomUUID()): Origin => ({
  actor: 'service' as Actor,
  requestId,
});

/** Sets the origin in an update, behind `SET`. */
export const SET_ORIGIN = 'actor = :actor, requestId = :requestId';

/** The values of `SET_ORIGIN`. */
export const originValues = ({ actor, requestId }: Origin) => ({ ':actor': actor, ':requestId': requestId });

/** Where an item's last write came from; undefined when writes did not say so yet. */
export function originOf({ actor, requestId }: Partial<Origin>): Origin | undefined {
  return actor === undefined || requestId === undefined ? undefined : { actor, requestId };
}
