import { foldCase } from '../comparison';
import { isJsonObject, type JsonValue } from '../json';
import type { BulkOperation } from './request';
import type { BulkStep } from './steps';

const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/**
 * Deleting a member raises the version of its groups, whichever they are: an operation with the version of a group
 * keeps its place among deletions.
 */
const GROUP_VERSIONS = 'versions of groups';
/** The attributes that no two resources of an endpoint share, whatever the case of their values. */
const UNIQUE_NAMES = { Users: /(?:^|[:.])userName$/i, Groups: /(?:^|[:.])displayName$/i };

/**
 * What an operation may change and what it may only depend on, as keys. Two operations that share a key must keep
 * their order when one of them changes it; all others may run at once, in any order, and come to the same (RFC 7644
 * section 3.7 asks for that when the sequence is optimized).
 */
export interface Footprint {
  readonly changes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
}

/**
 * The unique names that an operation gives (a user's userName, a group's displayName), folded: of a resource's data,
 * or of a PATCH operation's path and value.
 */
export function uniqueNamesIn({ target, data }: BulkOperation): ReadonlySet<string> {
  const names = new Set<string>();
  if (data !== undefined) collectNames(data, UNIQUE_NAMES[target.resource], names);
  return names;
}

function collectNames(value: JsonValue, attribute: RegExp, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collectNames(element, attribute, names);
    return;
  }
  if (!isJsonObject(value)) return;
  const entries = Object.entries(value);
  const isPatchOfName = entries.some(
    ([key, part]) => key.toLowerCase() === 'path' && typeof part === 'string' && attribute.test(part.trim()),
  );
  for (const [key, part] of entries) {
    if (part === undefined) continue;
    const isName = attribute.test(key) || (isPatchOfName && key.toLowerCase() === 'value');
    if (isName && typeof part === 'string') names.add(foldCase(part.trim()));
    else collectNames(part, attribute, names);
  }
}

/** Whether an operation may take a unique name from an existing resource. */
export function mayFreeName(operation: BulkOperation): boolean {
  if (operation.method === 'POST') return false;
  return operation.method !== 'PATCH' || uniqueNamesIn(operation).size > 0;
}

/**
 * The footprint of an operation whose references have been resolved.
 *
 * @param resourceId of the resource that it is about: the one in the path, or the one that a POST creates
 * @param namesOfResource every unique name, folded, that this resource has or is given within the request
 */
export function footprintOf(
  operation: BulkOperation,
  resourceId: string,
  namesOfResource: Iterable<string>,
): Footprint {
  const changes = new Set([`id ${resourceId.toLowerCase()}`]);
  if (operation.method === 'POST' || mayFreeName(operation)) {
    for (const name of namesOfResource) changes.add(`name in ${operation.target.resource} ${name}`);
  }
  const reads = new Set<string>();
  if (operation.method === 'DELETE') reads.add(GROUP_VERSIONS);
  if (operation.target.resource === 'Groups' && operation.version !== undefined) changes.add(GROUP_VERSIONS);
  if (operation.data !== undefined) collectIds(operation.data, reads);
  return { changes, reads };
}

/**
 * Ids in the data, wherever they stand: a member, a manager, the end of a `$ref`, the filter of a path. Whether they
 * exist matters to the operation.
 */
function collectIds(value: JsonValue, ids: Set<string>): void {
  if (typeof value === 'string') for (const id of value.match(UUIDS) ?? []) ids.add(`id ${id.toLowerCase()}`);
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) if (part !== undefined) collectIds(part, ids);
  }
}

/**
 * For each step, the earlier ones that it must wait for, given the steps in order. Only the last change and the reads
 * since are linked, so that the work is linear in the size of the footprints.
 */
export function stepsToAwait(
  steps: readonly BulkStep[],
  footprint: (operation: BulkOperation) => Footprint,
): Map<BulkStep, ReadonlySet<BulkStep>> {
  const lastChange = new Map<string, BulkStep>();
  const readsSince = new Map<string, BulkStep[]>();
  const awaits = new Map<BulkStep, ReadonlySet<BulkStep>>();
  for (const step of steps) {
    const earlier = new Set<BulkStep>();
    const footprints = step.operations.map(footprint);
    const changes = new Set(footprints.flatMap((each) => [...each.changes]));
    const reads = new Set(footprints.flatMap((each) => [...each.reads]));
    for (const key of [...changes, ...reads]) {
      const changed = lastChange.get(key);
      if (changed !== undefined && changed !== step) earlier.add(changed);
    }
    for (const key of changes) {
      for (const reader of readsSince.get(key) ?? []) if (reader !== step) earlier.add(reader);
      lastChange.set(key, step);
      readsSince.delete(key);
    }
    for (const key of reads) {
      if (changes.has(key)) continue;
      const readers = readsSince.get(key);
      if (readers === undefined) readsSince.set(key, [step]);
      else readers.push(step);
    }
    awaits.set(step, earlier);
  }
  return awaits;
}
