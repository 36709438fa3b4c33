import type { Plan } from './operation';

/**
 * What the operations were meant to cost when the table was designed: the goals, in distinction from the plan, which is
 * what is held today. The first that fits a row's name counts.
 */
const GOALS: readonly { readonly of: RegExp; readonly goal: Partial<Plan> }[] = [
  { of: /^authorize/, goal: { read: 0.5 } },
  { of: /create\b.*, user/, goal: { write: 12, roundTrips: 1 } },
  { of: /get by id.*(user of|404)/, goal: { read: 1, roundTrips: 1 } },
  { of: /get by id/, goal: { roundTrips: 1 } },
  { of: /eq, hit.*user of/, goal: { read: 2, roundTrips: 2 } },
  { of: /eq, (hit|miss)/, goal: { read: 2, roundTrips: 2 } },
  { of: /PATCH displayName/, goal: { read: 1, write: 2, roundTrips: 2 } },
  { of: /one member|members\[value eq\]/, goal: { write: 3, roundTrips: 2 } },
  { of: /PATCH|PUT|DELETE|rename/, goal: { roundTrips: 2 } },
];

/** By how much a row misses its goal, in words; empty when it is met or there is none. */
export function beyondGoal(name: string, cost: Plan): string {
  const goal = GOALS.find(({ of }) => of.test(name))?.goal ?? {};
  const over = (part: keyof Plan) => Math.max(0, cost[part] - (goal[part] ?? Number.POSITIVE_INFINITY));
  const misses = [
    over('read') > 0 ? `${over('read')} R` : '',
    over('write') > 0 ? `${over('write')} W` : '',
    over('roundTrips') > 0 ? `${over('roundTrips')} round trip` : '',
  ];
  return misses.filter(Boolean).join(', ');
}
