import { ENTRA_ID } from './entra-id/guide';
import type { Guide } from './guide';

export * from './guide';
export { parseText, type TextPart } from './text';
export { TAKEN_VALUES, type TakenValueName, VALUES, type ValueName } from './values';
export { CAVEATS, LEAVING_RESULTS, NEEDS, WHO_ACTS } from './what-happens';

/** The guides in the order in which they are offered. */
export const GUIDES: readonly Guide[] = [ENTRA_ID];
