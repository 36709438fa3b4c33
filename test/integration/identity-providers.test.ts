import { type LocalRun, startLocal } from '../../local/run';
import { clientOf } from './client';
import { AUTHENTIK } from './identity-providers/authentik';
import { ENTRA_ID, ENTRA_ID_OPTSCIM } from './identity-providers/entra-id';
import { JUMPCLOUD } from './identity-providers/jumpcloud';
import { KEYCLOAK } from './identity-providers/keycloak';
import { OKTA_CUSTOM, OKTA_OIN } from './identity-providers/okta';
import { ONELOGIN } from './identity-providers/onelogin';
import { PINGFEDERATE } from './identity-providers/pingfederate';
import { replay } from './identity-providers/replay';

let run: LocalRun;
beforeAll(async () => {
  run = await startLocal({ port: 0, memory: true });
});
afterAll(() => run?.stop());

describe.each([
  ENTRA_ID,
  ENTRA_ID_OPTSCIM,
  OKTA_OIN,
  OKTA_CUSTOM,
  ONELOGIN,
  JUMPCLOUD,
  AUTHENTIK,
  KEYCLOAK,
  PINGFEDERATE,
])('$client is answered as it needs', (trace) => {
  test.each(trace.scenarios)('$name', async (scenario) => {
    await replay(clientOf(run.baseUrl, run.token), trace, scenario);
  });
});
