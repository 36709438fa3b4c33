import { classify, type ItemKind } from '../../directory/check/item-kind';
import type { AskedMembers } from '../../directory/groups/asked-members';
import { entryPut, type LogDays, type LogEntryType } from '../../directory/log/entry';
import { clientOrigin } from '../../directory/resources/origin';
import { isTenantId, type ResourceKind, type TenantId } from '../../directory/table/keys';
import type { Write } from '../../directory/table/table';
import { ACCESS_TOKEN_TYPE } from '../../directory/tenants/access-tokens';
import {
  appIdIn,
  bodyIn,
  changedNames,
  isActiveIn,
  isRestoredIn,
  NAMES,
  userChange,
} from '../resource-image';
import { numberIn, type StreamChange, type StreamImage } from '../stream-change';

/** An entry of the log that a change of an item comes to. */
export interface LoggedChange {
  readonly tenant: TenantId;
  readonly type: LogEntryType;
  /** The write of the entry. @param kept the tenant's setting */
  readonly put: (kept: LogDays) => Write & { kind: 'put' };
}

type Told = Omit<Parameters<typeof entryPut>[1], 'time'>;

/**
 * What a change of an item is to the provisioning log: one entry, or nothing when it changes nothing that anybody has
 * asked for (a mark, a counter, what the cleaner has finished). A record that is delivered again gives the same item
 * under the same key.
 */
export function entryOf(change: StreamChange): LoggedChange | undefined {
  const item = classify(change.key);
  if (item === undefined) return undefined;
  const told = item.tenant === undefined ? issuedAccessToken(change) : toldBy(item.what, change);
  const tenant = item.tenant ?? tenantIn(change);
  if (tenant === undefined || told === undefined) return undefined;
  const { sequence, at } = change;
  // Sequence numbers have as many digits as they need: the longer one is the later one.
  const unique = `${String(sequence.length).padStart(2, '0')}${sequence}`;
  const entry = { ...told, time: at.toISOString() };
  return { tenant, type: told.type, put: (kept) => entryPut(tenant, entry, unique, kept) };
}

/** Tokens are in no tenant's partition. */
function tenantIn({ after }: StreamChange): TenantId | undefined {
  const tenant = after?.tenantId?.S;
  return tenant !== undefined && isTenantId(tenant) ? tenant : undefined;
}

/** An access token that a client was given; nothing for the other changes of tokens and clients, which are acts. */
function issuedAccessToken({ before, after }: StreamChange): Told | undefined {
  const clientId = after?.clientId?.S;
  if (before !== undefined || after?.type?.S !== ACCESS_TOKEN_TYPE || clientId === undefined)
    return undefined;
  const { actor, requestId } = clientOrigin(clientId, after.requestId?.S ?? '');
  return { type: 'client.token_issued', actor, requestId };
}

function toldBy(what: ItemKind, { before, after }: StreamChange): Told | undefined {
  switch (what.kind) {
    case 'resource':
      return after === undefined ? undefined : resourceEntry(what.resource, what.id, before, after);
    case 'tombstone':
      // It has the actor and the request, which the record of the resource that goes has not.
      if (before !== undefined || after === undefined) return undefined;
      return { type: `${NAMES[what.resource]}.deleted`, resourceId: what.id, ...originIn(after) };
    case 'member':
      if ((before === undefined) === (after === undefined)) return undefined;
      return {
        type: after === undefined ? 'member.removed' : 'member.added',
        resourceId: what.member,
        groupId: what.group,
      };
    case 'roleMapping':
      return mappingEntry(before, after);
    default:
      return undefined;
  }
}

function resourceEntry(
  kind: ResourceKind,
  resourceId: string,
  before: StreamImage | undefined,
  after: StreamImage,
): Told | undefined {
  const shared = {
    resourceId,
    ...originIn(after),
    ...(kind === 'User' ? { active: isActiveIn(after) } : {}),
  };
  const asked = kind === 'Group' ? askedIn(after) : undefined;
  if (before === undefined) {
    const type: LogEntryType = `${NAMES[kind]}.${isRestoredIn(after) ? 'restored' : 'created'}`;
    return { type, ...shared, asked };
  }
  // Whatever clients ask for raises the version; marks and their removal do not, nor does the app's own id.
  if (numberIn(before, 'version') === numberIn(after, 'version')) {
    if (appIdIn(before) === appIdIn(after)) return sessionsEntry(resourceId, before, after);
    return { type: 'user.updated', ...shared, changed: ['appId'] };
  }
  const names = changedNames(bodyIn(before), bodyIn(after));
  const changed = asked === undefined ? names : [...names, 'members'].sort();
  const type = kind === 'User' ? userChange(before, after) : 'group.updated';
  return { type, ...shared, changed, asked };
}

/** Ends the sessions of somebody whose access stays. */
function sessionsEntry(resourceId: string, before: StreamImage, after: StreamImage): Told | undefined {
  const isRaised = (numberIn(after, 'sessionEpoch') ?? 0) > (numberIn(before, 'sessionEpoch') ?? 0);
  if (!isRaised || !isOfAnotherRequest(before, after)) return undefined;
  return { type: 'sessions.revoked', resourceId, ...originIn(after) };
}

/** What the vendor's app maps; an administrator's act has an entry of its own. */
function mappingEntry(before: StreamImage | undefined, after: StreamImage | undefined): Told | undefined {
  if (after?.requestId === undefined || !isOfAnotherRequest(before, after)) return undefined;
  const roles = (after.roles?.L ?? []).flatMap(({ S }) => S ?? []);
  return roles.length === 0
    ? { type: 'role.unmapped', ...originIn(after) }
    : { type: 'role.mapped', roles, ...originIn(after) };
}

const isOfAnotherRequest = (before: StreamImage | undefined, after: StreamImage): boolean =>
  before?.requestId?.S !== after.requestId?.S;

const originIn = ({ actor, requestId }: StreamImage) => ({ actor: actor?.S, requestId: requestId?.S });

function askedIn({ asked }: StreamImage): AskedMembers | undefined {
  const { add, remove, added, removed } = asked?.M ?? {};
  if (asked?.M === undefined) return undefined;
  const count = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return { add: add?.S, remove: remove?.S, added: count(added?.N), removed: count(removed?.N) };
}
