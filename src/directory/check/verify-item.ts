import { broken, type Evidence } from './evidence';
import type { Finding } from './finding';
import { classify } from './item-kind';
import { verifyDeletedIndex, verifyHidden, verifyTombstone } from './verify-deletion';
import { verifyGuard, verifyValueIndex } from './verify-index';
import { verifyChunk, verifyMember } from './verify-member';
import { verifyPendingAccess } from './verify-pending-access';
import { verifyGroup, verifyUser } from './verify-resource';
import { verifySession } from './verify-session';
import { verifyLedger, verifyToken } from './verify-token';

/**
 * Everything that is broken about one item, seen from its side: what it promises must be there, and what it rests on
 * must exist. Judging reads, and never writes.
 *
 * @returns nothing for an item that is as it should be, or whose disorder is known and marked as pending work
 */
export async function verifyItem(evidence: Evidence): Promise<Finding[]> {
  const classified = classify(evidence.item);
  if (classified === undefined) return [broken('item-unknown', undefined, evidence.item)];
  const { tenant, what } = classified;
  if (tenant === undefined) return what.kind === 'token' ? verifyToken(evidence) : [];
  const inTenant = { ...evidence, tenant };
  switch (what.kind) {
    case 'resource':
      return what.resource === 'User' ? verifyUser(inTenant, what.id) : verifyGroup(inTenant, what.id);
    case 'guard':
      return verifyGuard(inTenant, what.resource);
    case 'valueIndex':
      return verifyValueIndex(inTenant, what.resource, what.id);
    case 'member':
      return verifyMember(inTenant, what.group, what.member);
    case 'tombstone':
      return verifyTombstone(inTenant, what.resource, what.id);
    case 'deletedIndex':
      return verifyDeletedIndex(inTenant, what.id);
    case 'hidden':
      return verifyHidden(inTenant, what.id);
    case 'chunk':
      return verifyChunk(inTenant, what.group, what.change);
    case 'session':
      return verifySession(inTenant, what.user);
    case 'ledger':
      return verifyLedger(inTenant);
    case 'pendingAccess':
      return verifyPendingAccess(inTenant);
    case 'tenant':
    case 'counter':
    case 'checkpoint':
    case 'cursorKey':
    case 'told':
    case 'bulkRequest':
    case 'roleMapping':
    case 'formerName':
    case 'logEntry':
    case 'idempotencyKey':
    case 'setupLink':
    case 'setupProgress':
    case 'seen':
    case 'scanSlot':
      return [];
  }
}
