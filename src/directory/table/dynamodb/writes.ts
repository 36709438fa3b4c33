import { isDeepStrictEqual } from 'node:util';
import type { ItemKey } from '../keys';

/** An item as stored: its key and its attributes. */
export type Item = Record<string, unknown> & ItemKey;

/**
 * A condition that must hold for a write to happen, in DynamoDB's expression language. Names are given as
 * `#placeholder`, values as `:placeholder`.
 */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

/** One write, as plain data: what a function of this room decides is tested without sending it. */
export type Write =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  | {
      readonly kind: 'update';
      readonly key: ItemKey;
      readonly update: string;
      readonly condition?: Condition;
      readonly names?: Record<string, string>;
      readonly values?: Record<string, unknown>;
      /**
       * Attributes as this very write leaves them, enough to know it by. When the answer to the first attempt is lost,
       * the second meets what the first has written, and its condition fails: then the item is read and compared with
       * this, so that a write of one's own is not taken for somebody else's.
       */
      readonly expectedAfter?: Record<string, unknown>;
    }
  | { readonly kind: 'delete'; readonly key: ItemKey; readonly condition?: Condition }
  | { readonly kind: 'check'; readonly key: ItemKey; readonly condition: Condition };

/** A write as a part of a transaction on the table of this name. */
export function transactItem(tableName: string, write: Write) {
  const common = { TableName: tableName, ...conditionExpressionOf(write) };
  switch (write.kind) {
    case 'put':
      return { Put: { ...common, Item: write.item } };
    case 'delete':
      return { Delete: { ...common, Key: keyOf(write.key) } };
    case 'update':
      return { Update: { ...common, Key: keyOf(write.key), UpdateExpression: write.update } };
    case 'check':
      return {
        ConditionCheck: {
          ...common,
          Key: keyOf(write.key),
          ConditionExpression: write.condition.expression,
        },
      };
  }
}

/** The condition of a write and its placeholders, as a command takes them. */
export function conditionExpressionOf(write: Write) {
  const names = { ...('names' in write ? write.names : {}), ...write.condition?.names };
  const values = { ...('values' in write ? write.values : {}), ...write.condition?.values };
  return {
    ConditionExpression: write.condition?.expression,
    ExpressionAttributeNames: Object.keys(names).length > 0 ? names : undefined,
    ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
  };
}

/** The key alone, of an item or a key. */
export const keyOf = ({ pk, sk }: ItemKey) => ({ pk, sk });

/** Tells whether an item has these attributes with these values. */
export const holds = (item: Item, attributes: Record<string, unknown>) =>
  Object.entries(attributes).every(([name, value]) => isDeepStrictEqual(item[name], value));
