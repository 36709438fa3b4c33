import { randomBytes } from 'node:crypto';
import { CURSOR_KEY_BYTES } from '../../scim/messages/cursor';
import type { Directory } from '../resources/directory';
import { cursorKeyItemKey } from '../table/keys';
import { ConditionFailed } from '../table/table';

/** A key that was replaced in the table goes on in warm instances for this long. */
const REMEMBERED_MS = 10 * 60 * 1000;
/** Tenants whose keys one instance remembers. */
const MAX_REMEMBERED = 1_000;

interface Remembered {
  readonly key: Buffer;
  readonly until: number;
}
const remembered = new Map<string, Remembered>();

/**
 * The key that seals a tenant's cursors: random, made at its first use, kept in the table and read once an instance
 * and ten minutes. It lies in the tenant's own partition, so that a cursor of one tenant cannot be opened for another
 * and no function needs more rights than it has. Deleting the item makes a new key and every cursor that is under way
 * invalid.
 */
export async function cursorKey(directory: Directory): Promise<Buffer> {
  const { table, tenant } = directory;
  const name = `${table.name} ${tenant}`;
  const now = Date.now();
  const known = remembered.get(name);
  if (known !== undefined && known.until > now) return known.key;
  const key = (await readKey(directory)) ?? (await makeKey(directory));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(name, { key, until: now + REMEMBERED_MS });
  return key;
}

async function readKey({ table, tenant }: Directory): Promise<Buffer | undefined> {
  const item = await table.get<{ key?: unknown }>(cursorKeyItemKey(tenant));
  return typeof item?.key === 'string' ? Buffer.from(item.key, 'base64') : undefined;
}

async function makeKey(directory: Directory): Promise<Buffer> {
  const { table, tenant } = directory;
  const key = randomBytes(CURSOR_KEY_BYTES);
  try {
    await table.write({
      kind: 'put',
      item: { ...cursorKeyItemKey(tenant), key: key.toString('base64') },
      condition: { expression: 'attribute_not_exists(pk)' },
    });
    return key;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // Somebody else was first.
    const theirs = await readKey(directory);
    if (theirs === undefined) throw error;
    return theirs;
  }
}
