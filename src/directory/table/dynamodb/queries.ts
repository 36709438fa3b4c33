/** Name of the index over the attribute `g1`; DynamoDB wants at least three characters. */
export const INDEX_NAME = 'g1-pk';

/** One query, as plain data. */
export interface Query {
  readonly pk: string;
  /** Query the index `g1` (keys only, eventually consistent) instead of the table. */
  readonly index?: 'g1';
  readonly sk?: { readonly prefix: string } | { readonly from: string; readonly to: string };
  readonly after?: Record<string, unknown>;
  readonly limit?: number;
  readonly consistent?: boolean;
  readonly attributes?: readonly string[];
  readonly backwards?: boolean;
}

/** A query as a command takes it, without the table's name. */
export function queryInput(query: Query) {
  const pkName = query.index ?? 'pk';
  const skName = query.index === undefined ? 'sk' : 'pk';
  const names: Record<string, string> = { '#pk': pkName };
  const values: Record<string, unknown> = { ':pk': query.pk };
  let condition = '#pk = :pk';
  if (query.sk !== undefined) {
    names['#sk'] = skName;
    if ('prefix' in query.sk) {
      condition += ' AND begins_with(#sk, :prefix)';
      values[':prefix'] = query.sk.prefix;
    } else {
      condition += ' AND #sk BETWEEN :from AND :to';
      values[':from'] = query.sk.from;
      values[':to'] = query.sk.to;
    }
  }
  const projection = projectionExpressionOf(query.attributes);
  return {
    IndexName: query.index === undefined ? undefined : INDEX_NAME,
    KeyConditionExpression: condition,
    ...projection,
    ExpressionAttributeNames: { ...names, ...projection.ExpressionAttributeNames },
    ExpressionAttributeValues: values,
    ConsistentRead: query.index === undefined ? (query.consistent ?? true) : false,
    Limit: query.limit,
    ExclusiveStartKey: query.after,
    ScanIndexForward: query.backwards !== true,
  };
}

/** The attributes to read, all of them when undefined, as a command takes them. */
export function projectionExpressionOf(attributes: readonly string[] | undefined) {
  if (attributes === undefined) return {};
  const names = Object.fromEntries(attributes.map((attribute, position) => [`#p${position}`, attribute]));
  return { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
}

/** The filter of a scan that keeps items whose partition key begins with one of the prefixes, as a command takes it. */
export function prefixFilter(prefixes: readonly string[]) {
  return {
    FilterExpression: prefixes.map((_, position) => `begins_with(#pk, :p${position})`).join(' OR '),
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: Object.fromEntries(
      prefixes.map((prefix, position) => [`:p${position}`, prefix]),
    ),
  };
}
