import type { Interceptor, MemoryCall } from '../memory-dynamodb/client';
import { at, type Synthesized } from './synthesize';

/** A statement of a role's policy, with the logical id of the policy. */
export interface Statement {
  readonly owner: string;
  readonly actions: string[];
  readonly resources: unknown[];
  readonly condition: unknown;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** All statements of the policies of a stack. */
export function statementsOf(stack: Pick<Synthesized, 'resources'>): Statement[] {
  return stack.resources('AWS::IAM::Policy').flatMap(({ id, Properties }) =>
    list(at(Properties, 'PolicyDocument', 'Statement')).map((statement) => ({
      owner: id,
      actions: list(at(statement, 'Action')).map(String),
      resources: list(at(statement, 'Resource')),
      condition: at(statement, 'Condition'),
    })),
  );
}

/** The statements of one function's role. @param name in Pascal case */
export const ofFunction = (statements: readonly Statement[], name: string): Statement[] =>
  statements.filter(({ owner }) => owner.startsWith(`Functions${name}Role`));

/** The statements that allow something with items or queries. */
export const onItems = (statements: readonly Statement[]): Statement[] =>
  statements.filter(({ actions }) => actions.some((action) => /^dynamodb:.*(?:Item|Query)$/.test(action)));

/** The statements that allow the whole table to be read. */
const scans = (statements: readonly Statement[]): Statement[] =>
  statements.filter(({ actions }) => actions.includes('dynamodb:Scan'));

/** Whether a statement is about the table's index. */
export const isOnIndex = ({ resources }: Statement): boolean => resources.some(namesIndex);

/** Whether a statement is about the table's items. */
const isOnTable = ({ resources }: Statement): boolean => !resources.every(namesIndex);

const namesIndex = (resource: unknown): boolean => JSON.stringify(resource).includes('/index/g1-pk');

/** The patterns of partition keys that a statement is limited to: any without a condition. */
export const leadingKeys = ({ condition }: Statement): string[] =>
  condition === undefined
    ? ['*']
    : list(at(condition, 'ForAllValues:StringLike', 'dynamodb:LeadingKeys')).map(String);

/**
 * Refuses what a role's policy does not allow, as IAM does. A call with several items needs one statement that allows
 * it for all of their partition keys.
 */
export function allowedBy(statements: readonly Statement[]): Interceptor {
  return async (call, answer) => {
    const { actions, keys, isIndex } = needsOf(call);
    for (const action of actions) {
      const isAllowed = [...onItems(statements), ...scans(statements)].some(
        (statement) =>
          statement.actions.includes(action) &&
          (isIndex ? isOnIndex(statement) : isOnTable(statement)) &&
          keys.every((key) => leadingKeys(statement).some((pattern) => isLike(key, pattern))),
      );
      if (!isAllowed) {
        throw Object.assign(new Error(`${action} on ${keys.join(', ')} is not allowed.`), {
          name: 'AccessDeniedException',
        });
      }
    }
    return answer();
  };
}

/** `StringLike` of IAM: `*` is any text. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(text);
}

interface Needs {
  readonly actions: readonly string[];
  readonly keys: readonly string[];
  readonly isIndex: boolean;
}

const ACTIONS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

/** What IAM looks at: the actions (of a transaction those of its writes) and the partition keys. */
function needsOf({ command, input }: MemoryCall): Needs {
  const pk = (value: unknown) => String(at(value, 'Key', 'pk') ?? at(value, 'Item', 'pk'));
  const [ofTable] = Object.values((input.RequestItems ?? {}) as Record<string, unknown>);
  switch (command) {
    case 'Query': {
      const key = String(at(input, 'ExpressionAttributeValues', ':pk'));
      return { actions: ['dynamodb:Query'], keys: [key], isIndex: input.IndexName !== undefined };
    }
    case 'BatchGet': {
      const keys = list(at(ofTable, 'Keys')).map((key) => String(at(key, 'pk')));
      return { actions: ['dynamodb:BatchGetItem'], keys, isIndex: false };
    }
    case 'BatchWrite': {
      const keys = list(ofTable).map((write) => pk(at(write, 'PutRequest') ?? at(write, 'DeleteRequest')));
      return { actions: ['dynamodb:BatchWriteItem'], keys, isIndex: false };
    }
    case 'TransactWrite': {
      const writes = list(input.TransactItems).flatMap((item) => Object.entries(item ?? {}));
      const actions = new Set(writes.map(([kind]) => ACTIONS[kind] ?? kind));
      return { actions: [...actions], keys: writes.map(([, write]) => pk(write)), isIndex: false };
    }
    case 'Scan':
      return { actions: ['dynamodb:Scan'], keys: [], isIndex: false };
    case 'Get':
      return { actions: ['dynamodb:GetItem'], keys: [pk(input)], isIndex: false };
    default:
      return { actions: [ACTIONS[command] ?? `dynamodb:${command}`], keys: [pk(input)], isIndex: false };
  }
}
