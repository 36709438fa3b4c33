import { randomUUID } from 'node:crypto';
import { DirectoryError, TooManyScans } from '../errors';
import { type ResourceKind, scanSlotKey, scanSlotPartition, type TenantId } from '../table/keys';
import { ConditionFailed, type Table } from '../table/table';

/** A slot is free again after this time, also when its holder has died: longer than the gateway lets a request live. */
export const SLOT_LIFETIME_S = 30;
/** A scan takes some seconds, and whoever repeats one sooner meets the same. */
const RETRY_AFTER_S = 5;
/** Resources that are looked at without a slot: about as many as DynamoDB reads in one page of 1 MB. */
export const MAX_LOOKED_AT_WITHOUT_SLOT = 1_000;

/** A tenant that was seen to be large counts as such for this long. */
const REMEMBERED_MS = 10 * 60 * 1000;
/** Tenants of which one instance remembers that they are large. */
const MAX_REMEMBERED = 1_000;

/** What one instance of a function has seen: whose users or groups fill more than a page. */
export class LargeTenants {
  private readonly until = new Map<string, number>();

  add(tenant: TenantId, kind: ResourceKind): void {
    if (this.until.size >= MAX_REMEMBERED) this.until.clear();
    this.until.set(`${tenant} ${kind}`, Date.now() + REMEMBERED_MS);
  }

  has(tenant: TenantId, kind: ResourceKind): boolean {
    return (this.until.get(`${tenant} ${kind}`) ?? 0) > Date.now();
  }
}

/** Who scans, how many scans of the tenant there may be at once, the clock, and what was seen of earlier requests. */
export interface ScanSlotOptions {
  readonly table: Table;
  readonly tenant: TenantId;
  readonly scans: number;
  readonly now: () => Date;
  readonly large: LargeTenants;
}

/**
 * A request's place among those of its tenant that look at more than one page of resources: there are so many slots,
 * each an item with an end, and who finds none free is refused. So one tenant's scans neither use up the reads of the
 * table nor the functions that other tenants' requests need (docs/decisions.md, "A scan takes one of its tenant's
 * slots").
 */
export class ScanSlot {
  private readonly holder = randomUUID();
  private taking: Promise<number> | undefined;

  constructor(private readonly options: ScanSlotOptions) {}

  /**
   * Takes a slot before the first page of a walk through all users or groups, when an earlier walk of this tenant was
   * seen to go beyond it: then whoever is refused has not read a page of 1 MB for nothing.
   */
  async takeBeforeWalk(kind: ResourceKind): Promise<void> {
    const { large, tenant } = this.options;
    if (large.has(tenant, kind)) await this.take();
  }

  /** Takes a slot before the second page of such a walk. @throws TooManyScans when none is free */
  async takeWithinWalk(kind: ResourceKind): Promise<void> {
    const { large, tenant } = this.options;
    large.add(tenant, kind);
    await this.take();
  }

  /** Takes a slot unless the request has one. @throws TooManyScans when none is free */
  async take(): Promise<void> {
    this.taking ??= this.takeFreeOne();
    await this.taking;
  }

  /** Gives the slot back, if one was taken. What cannot be given back is free at its end. */
  async giveBack(): Promise<void> {
    const slot = await this.taking?.catch(() => undefined);
    if (slot === undefined) return;
    const { table, tenant } = this.options;
    try {
      await table.write({
        kind: 'delete',
        key: scanSlotKey(tenant, slot),
        condition: { expression: 'holder = :holder', values: { ':holder': this.holder } },
      });
    } catch (error) {
      // Its end has come and somebody else has it, or DynamoDB does not take the write: the request itself is done.
      if (!(error instanceof ConditionFailed) && !(error instanceof DirectoryError)) throw error;
    }
  }

  /** What is read only spares writes: who holds a slot is decided by the condition of the write. */
  private async takeFreeOne(): Promise<number> {
    const { tenant, scans } = this.options;
    for (const slot of await this.freeSlots()) {
      if (await this.takeIfFree(slot)) return slot;
    }
    throw new TooManyScans(tenant, scans, RETRY_AFTER_S);
  }

  /** The slots that are free at the moment, beginning with any of them, so that two requests rarely want the same. */
  private async freeSlots(): Promise<number[]> {
    const { table, tenant, scans } = this.options;
    const items = await table.queryAll<{ expiresAt: number }>({ pk: scanSlotPartition(tenant) });
    const held = new Set(items.filter(({ expiresAt }) => expiresAt > this.seconds()).map(({ sk }) => sk));
    const first = Math.floor(Math.random() * scans);
    const slots = Array.from({ length: scans }, (_, n) => (first + n) % scans);
    return slots.filter((slot) => !held.has(String(slot)));
  }

  private async takeIfFree(slot: number): Promise<boolean> {
    const { table, tenant } = this.options;
    const now = this.seconds();
    const { holder } = this;
    try {
      await table.write({
        kind: 'put',
        item: { ...scanSlotKey(tenant, slot), holder, expiresAt: Math.ceil(now) + SLOT_LIFETIME_S },
        condition: {
          // The holder's own item is one that was written though the answer was lost.
          expression: 'attribute_not_exists(pk) OR expiresAt <= :now OR holder = :holder',
          values: { ':now': now, ':holder': holder },
        },
      });
      return true;
    } catch (error) {
      if (error instanceof ConditionFailed) return false;
      throw error;
    }
  }

  private seconds(): number {
    return this.options.now().getTime() / 1000;
  }
}

/** Takes a slot once more has been looked at, or is about to be, than goes without. @throws TooManyScans */
export async function takeSlotBeyond(scanSlot: ScanSlot | undefined, lookedAt: number): Promise<void> {
  if (lookedAt > MAX_LOOKED_AT_WITHOUT_SLOT) await scanSlot?.take();
}
