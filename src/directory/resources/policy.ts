import type { JsonObject } from '../../scim/json';
import type { ResourceId, ResourceKind } from '../table/keys';
import { isActive } from './items';

/** A change that is about to be written. */
export interface ProposedChange {
  readonly kind: ResourceKind;
  readonly id: ResourceId;
  /** The attributes, without members; undefined for what is created. */
  readonly before: JsonObject | undefined;
  /** Undefined for what is deleted. */
  readonly after: JsonObject | undefined;
  /** Of a group: who is to become a member, and who is to be none any more. */
  readonly members?: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

/**
 * Is asked before a change is written, after everything else that could refuse it.
 *
 * @throws whatever refuses the change
 */
export type Policy = (change: ProposedChange) => Promise<void>;

/**
 * Asks the directory's policy about a change that is tried again when somebody else writes meanwhile: once for each
 * version that it starts from.
 */
export function askingOnce({
  policy,
}: {
  readonly policy?: Policy;
}): (version: number, change: ProposedChange) => Promise<void> {
  let asked: { readonly version: number; readonly answer: Promise<void> } | undefined;
  return async (version, change) => {
    if (policy === undefined) return;
    if (asked?.version !== version) asked = { version, answer: policy(change) };
    await asked.answer;
  };
}

/**
 * Whether a change takes access away (`loss`), gives it (`gain`) or does neither as far as anybody can tell. What does
 * both is a loss.
 */
export function effectOf({ before, after, members }: ProposedChange): 'loss' | 'gain' | 'neither' {
  if (after === undefined) return 'loss';
  if (before === undefined) return 'gain';
  if (isActive(before) && !isActive(after)) return 'loss';
  if (members !== undefined && members.remove.length > 0) return 'loss';
  const isReactivation = !isActive(before) && isActive(after);
  return isReactivation || (members !== undefined && members.add.length > 0) ? 'gain' : 'neither';
}

/** What a policy function is asked (docs/policy.md): a change that is about to be written. */
export interface PolicyQuestion {
  readonly version: '1';
  readonly tenantId: string;
  /** Who asks for the change: `token:<id>`, a SCIM token by its public id, or `client:<id>`, an OAuth client. */
  readonly actor: string;
  /** What all changes of one request share. */
  readonly requestId: string;
  /** What the client has sent: POST, PUT, PATCH or DELETE. */
  readonly operation: 'create' | 'replace' | 'patch' | 'delete';
  readonly resourceType: 'User' | 'Group';
  /** The resource as it is; null for one that is created. */
  readonly before: PolicyResource | null;
  /** The resource as it would be; null for one that is deleted. */
  readonly after: PolicyResource | null;
  /** Of a group whose members change. */
  readonly members?: PolicyMembers;
}

/** A user or group in SCIM's form, without `schemas`, `meta`, `groups` and `members`. */
export type PolicyResource = JsonObject & { readonly id: string };

/** Who is to become a member of a group, and who is to be none any more. */
export interface PolicyMembers {
  /** Ids of the first 1,000; some may be members already, or nobody. */
  readonly added: readonly string[];
  /** Ids of the first 1,000; some may be no members. */
  readonly removed: readonly string[];
  /** Of all. */
  readonly addedCount: number;
  readonly removedCount: number;
}

/**
 * What a policy function answers. The detail is what the identity provider's administrator reads, up to 1,000
 * characters; values in it belong into double quotes, since these are left out in the provisioning log.
 */
export type PolicyAnswer = { readonly allow: true } | { readonly allow: false; readonly detail: string };

/** Gives an answer; undefined when there is none, which has been told to whoever watches over it. */
export type AskPolicy = (question: PolicyQuestion, timeoutMs: number) => Promise<PolicyAnswer | undefined>;
