import { isJsonObject, type JsonObject } from '../scim/json';

/** What people know a user or a group by, as the identity provider has sent it. */
export interface ShownNames {
  readonly userName?: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly emails: readonly string[];
}

/** What people know a user or a group by. */
export function namesOf({ userName, externalId, displayName, emails }: JsonObject): ShownNames {
  return {
    ...(typeof userName === 'string' ? { userName } : {}),
    ...(typeof externalId === 'string' ? { externalId } : {}),
    ...(typeof displayName === 'string' ? { displayName } : {}),
    emails: addressesOf(emails),
  };
}

function addressesOf(emails: JsonObject[string] | undefined): string[] {
  if (!Array.isArray(emails)) return [];
  return emails.flatMap((email) =>
    isJsonObject(email) && typeof email.value === 'string' ? email.value : [],
  );
}

/** Work that is still to be done after the write that was acknowledged. */
export interface PendingOf {
  /**
   * `revocation`: dead sessions lie in the table; `cleanup`: memberships of who is deleted do; `change`: a large change
   * of members is being carried out.
   */
  readonly work: 'revocation' | 'cleanup' | 'change';
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** What is pending, by since when it is, in milliseconds since 1970. */
export const pendingOf = (
  since: { readonly [work in PendingOf['work']]?: number | undefined },
): PendingOf[] =>
  (['revocation', 'cleanup', 'change'] as const).flatMap((work) => {
    const at = since[work];
    return at === undefined ? [] : [{ work, since: isoOf(at) }];
  });

export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
