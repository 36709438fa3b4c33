import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../lib/bundles';
import { SettingError } from '../../lib/settings';

const EXAMPLES = join(__dirname, '../../examples/extensions');

test('an extension becomes part of the bundles, which then read no file for it', () => {
  const bundles = bundle(['discovery'], EXAMPLES);
  try {
    const output = Object.values(bundles.metafile.outputs)[0];
    expect(output?.imports.map(({ path }) => path)).not.toContain('node:fs');
    expect(Object.keys(output?.inputs ?? {})).not.toContain('src/scim/schema/extensions/read-extension.ts');
    // The folder of this repository has no extension, so the difference is the example.
    const plain = bundle(['discovery']);
    const bytes = Object.values(plain.metafile.outputs)[0]?.bytes ?? 0;
    plain.discard();
    expect(output?.bytes).toBeGreaterThan(bytes + 500);
  } finally {
    bundles.discard();
  }
});

test('a bundled function serves the extension', () => {
  const bundles = bundle(['discovery'], EXAMPLES);
  try {
    const entry = join(bundles.folder, 'discovery', 'index.mjs');
    const event = {
      httpMethod: 'GET',
      resource: '/v2/ResourceTypes/{id}',
      pathParameters: { id: 'User' },
      headers: {},
      requestContext: { domainName: 'example.com', path: '/scim/v2/ResourceTypes/User' },
    };
    const script = `import(process.argv[1]).then(({ handler }) => handler(${JSON.stringify(event)}, {})).then(({ body }) => console.log('BODY' + body));`;
    const output = execFileSync(process.execPath, ['-e', script, entry], { encoding: 'utf8' });

    expect(output).toContain(
      '{"schema":"urn:example:params:scim:schemas:extension:badge:2.0:User","required":false}',
    );
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
      'extensions/badge.json: attribute "badge" has the type "text"; string, boolean,',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
