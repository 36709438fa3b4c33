import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundles, bundle } from '../../lib/bundles';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/functions';

/**
 * Bytes that each function may have: what it loads before it answers for the first time. `npm run bench:cold` shows
 * what that costs.
 */
const BUDGET: Partial<Record<FunctionName, number>> = {
  discovery: 62_000,
  authorizer: 245_000,
  users: 350_000,
  groups: 360_000,
  bulk: 383_000,
  root: 320_000,
  'session-revoker': 300_000,
  'revocation-sweep': 300_000,
  'follow-up': 280_000,
  'cleanup-sweep': 250_000,
  'cognito-target': 365_000,
  'webhook-target': 345_000,
};
const BUDGET_OF_OTHERS = 400_000;
/** The functions of other session stores are there only in stacks that have such a store. */
const ENTRIES = [...FUNCTION_NAMES, 'cognito-target', 'webhook-target'] as const;

let bundles: Bundles;
let noExtensions: string;
beforeAll(() => {
  // A vendor's extensions are not what the budget is about.
  noExtensions = mkdtempSync(join(tmpdir(), 'scim-extensions-'));
  bundles = bundle(ENTRIES, noExtensions);
});
afterAll(() => {
  bundles.discard();
  rmSync(noExtensions, { recursive: true });
});

const outputOf = (name: FunctionName) => {
  const [, output] =
    Object.entries(bundles.metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`)) ?? [];
  if (output === undefined) throw new Error(`There is no bundle of ${name}.`);
  return output;
};

describe('bundle of', () => {
  it.each(ENTRIES)('%s: within its budget of bytes', (name) => {
    const { bytes } = outputOf(name);

    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(BUDGET[name] ?? BUDGET_OF_OTHERS);
  });

  it.each(ENTRIES)('%s: without the clients that credentials are sought with elsewhere', (name) => {
    const unwanted = Object.keys(outputOf(name).inputs).filter((path) =>
      /@aws-sdk\/(?:nested-clients|credential-provider-(?:node|sso|ini|process|web-identity)|client-sso)/.test(
        path,
      ),
    );

    expect(unwanted).toEqual([]);
  });

  it.each(ENTRIES)('%s: in one scope, since nothing in it is imported only when it is called', (name) => {
    const { inputs } = bundles.metafile;
    const late = Object.keys(outputOf(name).inputs).flatMap((path) =>
      (inputs[path]?.imports ?? []).filter(({ kind, external }) => kind === 'dynamic-import' && !external),
    );

    expect(late.filter(({ path }) => path !== 'lambdas/no-event-streams.ts')).toEqual([]);
  });

  it('discovery: without the SDK', () => {
    const inputs = Object.keys(outputOf('discovery').inputs);

    expect(
      inputs.filter((path) => /@aws-sdk|@smithy|directory\/table\/(?:table|dynamodb)/.test(path)),
    ).toEqual([]);
  });
});
