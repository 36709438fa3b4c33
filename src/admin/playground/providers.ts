import type { PlayedProvider } from './played';
import { AUTHENTIK } from './providers/authentik';
import { ENTRA_ID } from './providers/entra-id';
import { JUMPCLOUD } from './providers/jumpcloud';
import { KEYCLOAK } from './providers/keycloak';
import { OKTA } from './providers/okta';
import { ONELOGIN } from './providers/onelogin';
import { PING } from './providers/ping';

/**
 * Every identity provider that can be played. Google Workspace is not among them: nobody has documented or recorded
 * how it writes its changes and deactivations.
 */
export const PLAYED_PROVIDERS: readonly PlayedProvider[] = [
  ENTRA_ID,
  OKTA,
  ONELOGIN,
  JUMPCLOUD,
  PING,
  KEYCLOAK,
  AUTHENTIK,
];
