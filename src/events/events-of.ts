import { createHash } from 'node:crypto';
import { classify, type ItemKind } from '../directory/check/item-kind';
import { kindOfLetter, type ResourceId, type ResourceKind, type TenantId } from '../directory/table/keys';
import type { EventData, EventType, ScimEvent } from './event';
import { appIdIn, bodyIn, changedNames, isActiveIn, isRestoredIn, NAMES, userChange } from './resource-image';
import { numberIn, type StreamChange, type StreamImage } from './stream-change';

export interface EventOptions {
  /** Tell the resource's attributes as well: personal data. */
  readonly withAttributes?: boolean;
}

/** An event before it has an id: `unique` is what tells it from others of its type and subject. */
interface Told {
  readonly type: EventType;
  readonly data: EventData;
  readonly unique: string | number;
}

/**
 * What a change of an item tells the world. A change that changes nothing for anybody outside (a page checkpoint, a
 * mark, a put of what was there) tells nothing.
 *
 * @example
 * eventsOf({ key: { pk: 'T#acme#', sk: 'U#2819…' }, before, after, … }) // [{ type: 'user.deactivated', … }]
 */
export function eventsOf(change: StreamChange, options: EventOptions = {}): ScimEvent[] {
  const item = classify(change.key);
  if (item?.tenant === undefined) return [];
  return toldBy(item.what, change, options).map((told) => eventOf(item.tenant, change, told));
}

function toldBy(what: ItemKind, change: StreamChange, options: EventOptions): Told[] {
  const { before, after, sequence } = change;
  switch (what.kind) {
    case 'resource':
      return resourceEvents(what.resource, what.id, change, options);
    case 'tombstone':
      return what.resource === 'User' ? tombstoneEvents(what.id, change) : [];
    case 'member': {
      if ((before === undefined) === (after === undefined)) return [];
      const memberType = kindOfLetter((after ?? before)?.kind?.S) ?? 'User';
      return [
        {
          type: after === undefined ? 'membership.removed' : 'membership.added',
          data: { groupId: what.group, memberId: what.member, memberType },
          unique: `${what.group}/${what.member}/${sequence}`,
        },
      ];
    }
    case 'tenant':
      return after === undefined ? [{ type: 'tenant.deleted', data: {}, unique: sequence }] : [];
    default:
      return [];
  }
}

function resourceEvents(
  kind: ResourceKind,
  id: ResourceId,
  { before, after, sequence }: StreamChange,
  { withAttributes = false }: EventOptions,
): Told[] {
  const subject: EventData = kind === 'User' ? userIn(id, after ?? before) : { groupId: id };
  const name = NAMES[kind];
  if (after === undefined) return [{ type: `${name}.deleted`, data: subject, unique: onceAgain(id, before) }];
  const attributes = bodyIn(after);
  const state: EventData = {
    ...subject,
    ...(kind === 'User' ? { active: isActiveIn(after) } : {}),
    resourceVersion: numberIn(after, 'version') ?? 0,
  };
  const all = withAttributes ? { attributes } : {};
  if (before === undefined) {
    const type: EventType = isRestoredIn(after) ? `${name}.restored` : `${name}.provisioned`;
    return [{ type, data: { ...state, ...all }, unique: onceAgain(id, after) }];
  }
  const told: Told[] = [];
  const changed = changedNames(bodyIn(before), attributes);
  if (changed.length > 0) {
    const type = kind === 'User' ? userChange(before, after) : 'group.updated';
    told.push({ type, data: { ...state, changed, ...all }, unique: `${id}/${state.resourceVersion}` });
  }
  if (kind === 'Group') return told;
  if (appIdIn(before) !== appIdIn(after)) {
    // No write of the identity provider, so the version is that of another event.
    const unique = `${id}/appId/${sequence}`;
    told.push({ type: 'user.updated', data: { ...state, changed: ['appId'], ...all }, unique });
  }
  return [...told, ...revoked(id, before, after)];
}

/** Whom an event is about, in the service's terms and in the app's. */
function userIn(userId: ResourceId, image: StreamImage | undefined): EventData {
  const appId = appIdIn(image);
  return appId === undefined ? { userId } : { userId, appId };
}

/** What can happen to an id once, but for one that was restored: there versions tell the times apart. */
const onceAgain = (id: ResourceId, image: StreamImage | undefined): string =>
  image !== undefined && isRestoredIn(image) ? `${id}/${numberIn(image, 'version')}` : id;

/**
 * The tombstone goes when its retention is over, removed by TTL; or before, with the user's restoration or with the
 * tenant.
 */
function tombstoneEvents(id: ResourceId, { before, after, at }: StreamChange): Told[] {
  if (before === undefined) return [];
  if (after !== undefined) return revoked(id, before, after);
  // Removed by `check --repair`, since the user is there.
  if (before.revived?.BOOL === true) return [];
  if ((numberIn(before, 'expiresAt') ?? 0) * 1000 > at.getTime()) return [];
  return [{ type: 'user.data_deletion_due', data: userIn(id, before), unique: id }];
}

/** The revoker takes its mark off when the last session is gone. */
function revoked(id: ResourceId, before: StreamImage, after: StreamImage): Told[] {
  const since = numberIn(before, 'revocationPending');
  if (since === undefined || numberIn(after, 'revocationPending') !== undefined) return [];
  const data = { ...userIn(id, after), requestedAt: new Date(since).toISOString() };
  return [{ type: 'sessions.revoked', data, unique: `${id}/${since}` }];
}

function eventOf(
  tenantId: TenantId,
  { sequence, at }: StreamChange,
  { type, data, unique }: Told,
): ScimEvent {
  const id = eventId(type, tenantId, unique);
  return { id, version: '1', type, time: at.toISOString(), tenantId, sequence, data };
}

/** The id of an event: a digest of what happened. @param unique tells it from others of its type and tenant */
export const eventId = (type: EventType, tenantId: string, unique: string | number): string =>
  createHash('sha256')
    .update(JSON.stringify([type, tenantId, unique]))
    .digest('base64url')
    .slice(0, 22);
