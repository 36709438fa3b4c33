import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildFunctions } from '../../lib/build-functions';
import { type Bundles, bundle } from '../../lib/bundles';
import { SettingError } from '../../lib/settings';

const EXAMPLES = join(__dirname, '../../examples/extensions');

const PLAIN = mkdtempSync(join(tmpdir(), 'scim-extensions-'));
afterAll(() => rmSync(PLAIN, { recursive: true }));

test('extensions lie beside the bundles that read them, and the bundles themselves do not change', () => {
  const bundles = [bundle(['discovery', 'authorizer'], EXAMPLES), bundle(['discovery', 'authorizer'], PLAIN)];
  try {
    const files = (entry: string) => bundles.map(({ folder }) => readdirSync(join(folder, entry)).sort());
    const code = (entry: string) =>
      bundles.map(({ folder }) => readFileSync(join(folder, entry, 'index.mjs'), 'utf8'));

    expect(files('discovery')).toEqual(Array(2).fill(['extensions.json', 'index.mjs']));
    expect(files('authorizer')).toEqual(Array(2).fill(['index.mjs']));
    expect(new Set(code('discovery')).size).toBe(1);
  } finally {
    for (const { discard } of bundles) discard();
  }
});

const event = {
  httpMethod: 'GET',
  resource: '/v2/ResourceTypes/{id}',
  pathParameters: { id: 'User' },
  headers: {},
  requestContext: { domainName: 'example.com', path: '/scim/v2/ResourceTypes/User' },
};

/** What a bundled function answers in a process of its own. @throws Error when it does not start */
function answerOf({ folder }: Bundles): string {
  const entry = join(folder, 'discovery', 'index.mjs');
  const script = `import(process.argv[1]).then(({ handler }) => handler(${JSON.stringify(event)}, {})).then(({ body }) => console.log('BODY' + body));`;
  return execFileSync(process.execPath, ['-e', script, entry], { encoding: 'utf8', stdio: 'pipe' });
}

const BADGE = '{"schema":"urn:example:params:scim:schemas:extension:badge:2.0:User","required":false}';

test('a bundled function serves the extension', () => {
  const bundles = bundle(['discovery'], EXAMPLES);
  try {
    expect(answerOf(bundles)).toContain(BADGE);
  } finally {
    bundles.discard();
  }
});

test('a bundle that was built before serves the extensions of each stack', () => {
  const prebuilt = mkdtempSync(join(tmpdir(), 'scim-prebuilt-'));
  buildFunctions(['discovery'], prebuilt);
  const [extended, plain] = [
    bundle(['discovery'], EXAMPLES, prebuilt),
    bundle(['discovery'], PLAIN, prebuilt),
  ];
  try {
    expect(answerOf(extended)).toContain(BADGE);
    expect(answerOf(plain)).not.toContain('badge');
  } finally {
    extended.discard();
    plain.discard();
    rmSync(prebuilt, { recursive: true });
  }
});

test('a function whose extensions are missing does not start, rather than drop attributes', () => {
  const bundles = bundle(['discovery'], EXAMPLES);
  rmSync(join(bundles.folder, 'discovery', 'extensions.json'));
  try {
    expect(() => answerOf(bundles)).toThrow(/extensions\.json/);
  } finally {
    bundles.discard();
  }
});

test('a broken extension stops the synth with a sentence that names file, attribute and fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-extensions-'));
  const schema = {
    id: 'urn:example:badge',
    resourceTypes: [{ name: 'User' }],
    attributes: [{ name: 'badge', type: 'text' }],
  };
  writeFileSync(join(folder, 'badge.json'), JSON.stringify(schema));
  try {
    expect(() => bundle(['discovery'], folder)).toThrow(SettingError);
    expect(() => bundle(['discovery'], folder)).toThrow(
      `${basename(folder)}/badge.json: attribute "badge" has the type "text"; string, boolean,`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
