import type { Attack } from './attack';
import { COMPARISON_ATTACKS } from './comparison-attacks';
import { GROUP_ATTACKS } from './group-attacks';
import { TEXT_ATTACKS } from './text-attacks';
import { WALK_ATTACKS } from './walk-attacks';

/** Every row of the table, in its order. */
export const ATTACKS: readonly Attack[] = [
  ...GROUP_ATTACKS,
  ...COMPARISON_ATTACKS,
  ...TEXT_ATTACKS,
  ...WALK_ATTACKS,
];
