import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build-functions';
import { FUNCTION_ENTRIES } from '../../lib/functions';

/**
 * Bytes that each function may have: what it loads before it answers for the first time. `npm run bench:cold` shows
 * what that costs.
 */
const BUDGET: Readonly<Record<string, number>> = {
  // An import reads users and groups by their schemas, as the SCIM functions do; deleted ones are found by name. 18 kB
  // are CloudWatch's client.
  admin: 602_000,
  // With the settings of tenants, by which it describes a strict one.
  discovery: 72_000,
  // Knows what the gateway was told of, and which secret is given up: 3 kB.
  setup: 405_000,
  // 26 kB of them are jose's, which verifies assertions.
  'oauth-token': 282_000,
  // Also notes what somebody watches on the set-up page.
  authorizer: 247_000,
  users: 379_000,
  groups: 382_000,
  bulk: 411_000,
  root: 330_000,
  'session-revoker': 300_000,
  'session-revoker-with-sinks': 300_000,
  'revocation-sweep': 300_000,
  'revocation-sweep-with-sinks': 300_000,
  'follow-up': 284_000,
  'cleanup-sweep': 250_000,
  'tenant-sweep': 300_000,
  'cognito-target': 365_000,
  'webhook-target': 345_000,
};
const BUDGET_OF_OTHERS = 400_000;

let folder: string;
let metafile: ReturnType<typeof buildFunctions>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scim-bundles-'));
  metafile = buildFunctions(FUNCTION_ENTRIES, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const outputOf = (name: string) => {
  const [, output] =
    Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
  if (output === undefined) throw new Error(`There is no bundle of ${name}.`);
  return output;
};

describe('bundle of', () => {
  test.each(FUNCTION_ENTRIES)('%s: within its budget of bytes', (name) => {
    const { bytes } = outputOf(name);

    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(BUDGET[name] ?? BUDGET_OF_OTHERS);
  });

  test.each(FUNCTION_ENTRIES)(
    '%s: without the clients that credentials are sought with elsewhere',
    (name) => {
      const unwanted = Object.keys(outputOf(name).inputs).filter((path) =>
        /@aws-sdk\/(?:nested-clients|credential-provider-(?:node|sso|ini|process|web-identity)|client-sso)/.test(
          path,
        ),
      );

      expect(unwanted).toEqual([]);
    },
  );

  test.each(FUNCTION_ENTRIES)(
    '%s: in one scope, since nothing in it is imported only when it is called',
    (name) => {
      const { inputs } = metafile;
      const late = Object.keys(outputOf(name).inputs).flatMap((path) =>
        (inputs[path]?.imports ?? []).filter(({ kind, external }) => kind === 'dynamic-import' && !external),
      );

      expect(late.filter(({ path }) => path !== 'lambdas/no-event-streams.ts')).toEqual([]);
    },
  );

  test('jose is in the bundle of the token endpoint, and in no other', () => {
    const withJose = FUNCTION_ENTRIES.filter((name) =>
      Object.keys(outputOf(name).inputs).some((path) => path.includes('node_modules/jose/')),
    );

    expect(withJose).toEqual(['oauth-token']);
  });

  test('discovery: without the SDK', () => {
    const inputs = Object.keys(outputOf('discovery').inputs);

    expect(
      inputs.filter((path) => /@aws-sdk|@smithy|directory\/table\/(?:table|dynamodb)/.test(path)),
    ).toEqual([]);
  });
});
