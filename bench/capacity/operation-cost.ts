import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Units } from '../cost/documented-units';

/** A row that `npm run bench:cost -- --write` keeps. */
export interface KeptCost extends Units {
  readonly name: string;
  readonly roundTrips: number;
}

const KEPT = JSON.parse(readFileSync(join(__dirname, '../cost/costs.json'), 'utf8')) as KeptCost[];

/** The measured cost of an operation. @throws Error when no row of the cost table has the name */
export function costOf(name: string): KeptCost {
  const row = KEPT.find((kept) => kept.name === name);
  if (row === undefined) throw new Error(`bench/cost/costs.json has no row "${name}".`);
  return row;
}

/** Operations that the tables here are made of, for users of 1 kB. */
export const OPERATIONS = {
  create: costOf('Entra, Okta: create, user of 1 kB'),
  lookUpMiss: costOf('Entra, Okta: userName eq, miss'),
  lookUpHit: costOf('Entra, Okta: userName eq, hit, in 5 groups, user of 1 kB'),
  get: costOf('get by id, in 5 groups, user of 1 kB'),
  patch: costOf('Entra: PATCH displayName, user of 1 kB'),
  deactivate: costOf('Entra: PATCH active "False" (deactivate), user of 1 kB'),
  remove: costOf('Entra: DELETE, in 5 groups, user of 1 kB'),
  addMember: costOf('Entra, Okta: PATCH add one member, group of 1,000'),
  removeMember: costOf('Entra: PATCH remove one member, group of 1,000'),
  hundredUsers: costOf('first page of 100, excludedAttributes=groups, tenant of 1,000 users of 1 kB'),
  authorize: costOf('authorize, not cached'),
  issueSession: costOf('session: issue'),
  verifySession: costOf('session: verify'),
  readEpoch: costOf('session: current epoch, for self-contained tokens'),
} as const;

export type OperationName = keyof typeof OPERATIONS;
