import { broken, type Evidence } from './evidence';
import type { Finding } from './finding';
import { classify } from './item-kind';
import { judgeGuard, judgeValueIndex } from './judge-index';
import { judgeHidden, judgeTombstone } from './judge-deletion';
import { judgeChunk, judgeMember } from './judge-member';
import { judgeGroup, judgeUser } from './judge-resource';
import { judgeSession } from './judge-session';
import { judgeLedger, judgeToken } from './judge-token';

/**
 * Everything that is broken about one item, seen from its side: what it promises must be there, and what it rests on
 * must exist. Judging reads, and never writes.
 *
 * @returns nothing for an item that is as it should be, or whose disorder is known and marked as pending work
 */
export async function judge(evidence: Evidence): Promise<Finding[]> {
  const classified = classify(evidence.item);
  if (classified === undefined) return [broken('item-unknown', undefined, evidence.item)];
  const { tenant, what } = classified;
  if (tenant === undefined) return judgeToken(evidence);
  const inTenant = { ...evidence, tenant };
  switch (what.kind) {
    case 'resource':
      return what.resource === 'U' ? judgeUser(inTenant, what.id) : judgeGroup(inTenant, what.id);
    case 'guard':
      return judgeGuard(inTenant, what.resource);
    case 'valueIndex':
      return judgeValueIndex(inTenant, what.resource, what.id);
    case 'member':
      return judgeMember(inTenant, what.group, what.member);
    case 'tombstone':
      return judgeTombstone(inTenant, what.resource, what.id);
    case 'hidden':
      return judgeHidden(inTenant, what.id);
    case 'chunk':
      return judgeChunk(inTenant, what.group, what.change);
    case 'session':
      return judgeSession(inTenant, what.user);
    case 'ledger':
      return judgeLedger(inTenant);
    case 'tenant':
    case 'counter':
    case 'checkpoint':
    case 'cursorKey':
    case 'bulkRequest':
    case 'roleMapping':
    case 'formerName':
      return [];
  }
}
