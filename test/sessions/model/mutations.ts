import type { MemoryCall } from '../../memory-dynamodb/client';

/** One part of the design taken away, by changing calls and answers between the code and the table. */
export interface Mutation {
  readonly change?: (call: MemoryCall) => void;
  readonly changeAnswer?: (call: MemoryCall, answer: unknown) => void;
}

interface Write {
  Item?: Record<string, unknown>;
  UpdateExpression?: string;
}

/** Issuing and rotating no longer check, in their transaction, that the user is active and the epoch unchanged. */
export const WITHOUT_CONDITION_CHECK: Mutation = {
  change: ({ command, input }) => {
    if (command !== 'TransactWrite') return;
    const items = input.TransactItems as Record<string, unknown>[];
    input.TransactItems = items.filter((item) => !('ConditionCheck' in item));
  },
};

/** A creation with an id that was allotted before does not see that its user was deleted. */
export const WITHOUT_LOOK_AT_TOMBSTONE: Mutation = {
  change: ({ command, input }) => {
    if (command !== 'TransactWrite') return;
    const items = input.TransactItems as Record<string, { Key?: { pk: string } }>[];
    input.TransactItems = items.filter(
      ({ ConditionCheck }) => ConditionCheck?.Key?.pk.endsWith('#D') !== true,
    );
  },
};

/** Verifying and rotating take every session for one of the present epoch. */
export const WITHOUT_EPOCH_COMPARISON_IN_VERIFY: Mutation = {
  changeAnswer: ({ command }, answer) => {
    if (command !== 'BatchGet') return;
    const { Responses } = answer as { Responses: Record<string, Record<string, unknown>[]> };
    const items = Object.values(Responses).flat();
    const user = items.find(({ sk }) => String(sk).startsWith('U#'));
    for (const item of items) if (item.secretHash !== undefined) item.epoch = user?.sessionEpoch;
  },
};

/** The revoker removes every session it finds. */
export const WITHOUT_EPOCH_COMPARISON_IN_REVOKER: Mutation = {
  changeAnswer: ({ command }, answer) => {
    if (command !== 'Query') return;
    const { Items } = answer as { Items: Record<string, unknown>[] };
    for (const item of Items) if (item.secretHash !== undefined) item.epoch = -1;
  },
};

/** A restored user has the epoch of the session from before. */
export const WITHOUT_NEWER_EPOCH_OF_RESTORED: Mutation = {
  change: onPuts(({ Item }) => {
    if (Item?.restoredAt !== undefined) Item.sessionEpoch = 0;
  }),
};

/** The tombstone does not tell which sessions are from before the deletion. */
export const WITHOUT_EPOCH_IN_TOMBSTONE: Mutation = {
  change: onPuts(({ Item }) => {
    if (Item?.deletedAt !== undefined) delete Item.sessionEpoch;
  }),
};

function onPuts(change: (put: Write) => void): Mutation['change'] {
  return ({ command, input }) => {
    if (command !== 'TransactWrite') return;
    for (const { Put } of input.TransactItems as Record<string, Write>[]) if (Put !== undefined) change(Put);
  };
}

/** Deactivating and deleting leave no mark. */
export const WITHOUT_PENDING_MARK: Mutation = {
  change: ({ command, input }) => {
    if (command === 'Update') dropMark(input as Write);
    if (command !== 'TransactWrite') return;
    for (const item of input.TransactItems as Record<string, Write>[]) Object.values(item).forEach(dropMark);
  },
};

function dropMark(write: Write): void {
  if (write.UpdateExpression !== undefined) {
    const mark = ', revocationPending = :pending, g1 = :g1';
    write.UpdateExpression = write.UpdateExpression.replace(mark, '');
  }
  if (write.Item?.revocationPending !== undefined) {
    write.Item = { ...write.Item, revocationPending: undefined, g1: undefined };
  }
}
