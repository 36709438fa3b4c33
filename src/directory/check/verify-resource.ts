import { isJsonObject, type JsonObject } from '../../scim/json';
import { type Indexed, indexWrites } from '../resources/index-items';
import { isActive } from '../resources/items';
import { pendingWorkIndexKey, type ResourceId, type ResourceKind, type TenantId } from '../table/keys';
import type { Item, Write } from '../table/table';
import { guardedKind, guardsAppId } from '../table/value-keys';
import { broken, OVERDUE_MS, type TenantEvidence } from './evidence';
import type { Finding } from './finding';

/** A user: attributes, guard and index items, the revocation mark. */
export async function verifyUser(evidence: TenantEvidence, id: ResourceId): Promise<Finding[]> {
  const { tenant, item, now } = evidence;
  const attributes = attributesOf(item, 'userName');
  const { sessionEpoch, protectedAt = 0 } = item;
  if (attributes === undefined || !isEpoch(sessionEpoch) || !isEpoch(protectedAt)) {
    return [broken('resource-unreadable', tenant, item)];
  }
  const findings = await verifyIndexItems(evidence, 'User', id);
  if (item.active !== isActive(attributes)) findings.push(activeDiffers(tenant, item, id, attributes, now));
  const since = item.revocationPending;
  const wanted = since === undefined ? undefined : pendingWorkIndexKey(id);
  if (item.g1 !== wanted) findings.push(markInconsistent(tenant, item, id, now));
  else if (typeof since === 'number' && now - since > OVERDUE_MS) {
    findings.push(broken('revocation-overdue', tenant, item, { detail: `pending since ${isoOf(since)}` }));
  }
  return findings;
}

/** A group: attributes, index items, a membership change that is still being carried out. */
export async function verifyGroup(evidence: TenantEvidence, id: ResourceId): Promise<Finding[]> {
  const { tenant, item, now } = evidence;
  const attributes = attributesOf(item, 'displayName');
  if (attributes === undefined) return [broken('resource-unreadable', tenant, item)];
  const findings = await verifyIndexItems(evidence, 'Group', id);
  const { change } = item;
  const wanted = change === undefined ? undefined : pendingWorkIndexKey(id);
  if (item.g1 !== wanted) {
    const set: Write =
      wanted === undefined
        ? {
            kind: 'update',
            key: keyOf(item),
            update: 'REMOVE g1',
            condition: sameVersion(item, 'attribute_not_exists(#change)'),
          }
        : {
            kind: 'update',
            key: keyOf(item),
            update: 'SET g1 = :g1',
            values: { ':g1': wanted },
            condition: sameVersion(item, 'attribute_exists(#change)'),
          };
    findings.push(broken('mark-inconsistent', tenant, item, { writes: [set] }));
  }
  if (change !== undefined && now - Date.parse(String(item.lastModified)) > OVERDUE_MS) {
    findings.push(broken('change-overdue', tenant, item, { repair: { kind: 'finishChange', id } }));
  }
  return findings;
}

/** The attributes of a resource as stored; undefined when they are not what `toItem` writes. */
export function attributesOf(item: Item, required?: 'userName' | 'displayName'): JsonObject | undefined {
  const { version, created, lastModified, body } = item;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return undefined;
  if (Number.isNaN(Date.parse(String(created))) || Number.isNaN(Date.parse(String(lastModified))))
    return undefined;
  try {
    const attributes: unknown = JSON.parse(String(body));
    if (!isJsonObject(attributes)) return undefined;
    return required === undefined || typeof attributes[required] === 'string' ? attributes : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What decides the index items of a resource as stored; undefined when its attributes cannot be read. */
export function indexedOf(item: Item): Indexed | undefined {
  const attributes = attributesOf(item);
  return (
    attributes && {
      attributes,
      appId: typeof item.appId === 'string' ? item.appId : undefined,
      uniqueName: item.uniqueName === true ? true : undefined,
    }
  );
}

/** The index items (and the guard) that such a resource has. */
export const indexItemsOf = (
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
  indexed: Indexed,
): (Write & { kind: 'put' })[] =>
  indexWrites(tenant, kind, id, undefined, indexed).flatMap((write) => (write.kind === 'put' ? [write] : []));

async function verifyIndexItems(
  { tenant, item, look }: TenantEvidence,
  kind: ResourceKind,
  id: ResourceId,
): Promise<Finding[]> {
  const indexed = indexedOf(item);
  const expected = indexed === undefined ? [] : indexItemsOf(tenant, kind, id, indexed);
  const found = await Promise.all(expected.map(({ item: indexItem }) => look(keyOf(indexItem))));
  return expected.flatMap((put, position): Finding[] => {
    const present = found[position];
    const isGuard = guardedKind(put.item.sk) !== undefined || guardsAppId(put.item.sk);
    if (present !== undefined) {
      return isGuard && present.id !== id
        ? [broken('guard-of-another', tenant, item, { detail: `held by ${String(present.id)}` })]
        : [];
    }
    const check: Write = { kind: 'check', key: keyOf(item), condition: sameVersion(item) };
    const write: Write = { ...put, condition: { expression: 'attribute_not_exists(pk)' } };
    return [
      broken(isGuard ? 'guard-missing' : 'index-item-missing', tenant, put.item, {
        detail: `of ${id}`,
        writes: [check, write],
      }),
    ];
  });
}

/**
 * The attributes are what clients read and wrote, so they decide. Becoming inactive ends the sessions as any
 * deactivation does.
 */
function activeDiffers(
  tenant: TenantId,
  item: Item,
  id: ResourceId,
  attributes: JsonObject,
  now: number,
): Finding {
  const active = isActive(attributes);
  const update: Write = {
    kind: 'update',
    key: keyOf(item),
    update: `SET active = :active${active ? '' : ', sessionEpoch = sessionEpoch + :one, revocationPending = :now, g1 = :g1'}`,
    values: {
      ':active': active,
      ...(active ? {} : { ':one': 1, ':now': now, ':g1': pendingWorkIndexKey(id) }),
    },
    condition: sameVersion(item),
  };
  return broken('active-differs', tenant, item, { writes: [update] });
}

/**
 * A mark that the index does not show is shown; an index entry without a mark becomes one, since running the revoker
 * once too often does no harm.
 */
function markInconsistent(tenant: TenantId, item: Item, id: ResourceId, now: number): Finding {
  const update: Write = {
    kind: 'update',
    key: keyOf(item),
    update: 'SET revocationPending = if_not_exists(revocationPending, :now), g1 = :g1',
    values: { ':now': now, ':g1': pendingWorkIndexKey(id) },
    condition: sameVersion(item),
  };
  return broken('mark-inconsistent', tenant, item, { writes: [update] });
}

function sameVersion(item: Item, more?: string) {
  const expression = `version = :version${more === undefined ? '' : ` AND ${more}`}`;
  const names = more?.includes('#change') === true ? { '#change': 'change' } : undefined;
  return { expression, names, values: { ':version': item.version } };
}

/** A count, or a time in milliseconds. */
const isEpoch = (epoch: unknown): boolean =>
  typeof epoch === 'number' && Number.isInteger(epoch) && epoch >= 0;
const keyOf = ({ pk, sk }: Item) => ({ pk, sk });
const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
