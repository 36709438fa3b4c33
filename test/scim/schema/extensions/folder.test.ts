import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExtensionFolder } from '../../../../src/scim/schema/extensions/folder';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scim-extensions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, urn: string): void {
  const schema = { id: urn, resourceTypes: [{ name: 'User' }], attributes: [{ name: 'a' }] };
  writeFileSync(join(folder, file), JSON.stringify(schema));
}

test('every JSON file of the folder is an extension, in the order of the names', () => {
  put('b.json', 'urn:example:b');
  put('a.json', 'urn:example:a');
  writeFileSync(join(folder, 'README.md'), '# Extensions');

  expect(readExtensionFolder(folder).map(({ schema }) => schema.id)).toEqual([
    'urn:example:a',
    'urn:example:b',
  ]);
});

test('a folder that does not exist has no extensions', () => {
  expect(readExtensionFolder(join(folder, 'absent'))).toEqual([]);
});

test('a file that is not JSON is named', () => {
  writeFileSync(join(folder, 'broken.json'), '{"id": ');

  expect(() => readExtensionFolder(folder)).toThrow(
    /^scim-extensions-\w+\/broken\.json: the file is not valid JSON: /,
  );
});
