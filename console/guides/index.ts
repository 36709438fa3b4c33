import { ANOTHER } from './another';
import { ENTRA_ID } from './entra-id/guide';
import { GOOGLE_WORKSPACE } from './google-workspace';
import type { Guide } from './guide';
import { JUMPCLOUD } from './jumpcloud';
import { KEYCLOAK } from './keycloak';
import { OKTA } from './okta/guide';
import { ONELOGIN } from './onelogin/guide';
import { PINGONE } from './pingone';

export * from './guide';
export { SERVICE_LIMITS } from './service-limits';
export { parseText, type TextPart } from './text';
export { TAKEN_VALUES, type TakenValueName, VALUES, type ValueName } from './values';
export { CAVEATS, LEAVING_RESULTS, NEEDS, WHO_ACTS } from './what-happens';

/** The guides in the order in which they are offered. */
export const GUIDES: readonly Guide[] = [
  ENTRA_ID,
  OKTA,
  ONELOGIN,
  JUMPCLOUD,
  PINGONE,
  GOOGLE_WORKSPACE,
  KEYCLOAK,
  ANOTHER,
];
