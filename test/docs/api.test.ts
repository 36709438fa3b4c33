import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeApiPage } from '../../build/api/make';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');

test('the page of the API is what the sources say; npm run build:api writes it', () => {
  expect(page).toBe(makeApiPage(ROOT));
});

test('everything that is exported is described', () => {
  const bare = [...page.matchAll(/^### (\w+)\n\n```/gm)].map(([, name]) => name);
  expect(bare).toEqual([]);
});

test('every error has an example', () => {
  const sections = page.split(/^(?=#{3,4} )/m);
  const errors = sections.filter((section) =>
    /^```ts\n(?:abstract )?class \w+ extends \w*Error\b/m.test(section),
  );
  const without = errors.filter((section) => section.match(/^```ts$/gm)?.length === 1);
  expect(errors.length).toBeGreaterThan(12);
  expect(without.map((section) => section.split('\n')[0])).toEqual([]);
});

/** What others are computed from: their members are what counts, and the compiler shows them. */
const COMPUTED_FROM = [
  'InputOf',
  'Item',
  'PlannedChange',
  'ResultOf',
  'Row',
  'Setting',
  'SettingName',
  'Token',
];
/** Classes of the CDK that share their names with types of the project. */
const OF_THE_CDK = ['Grant', 'Table'];

test('a type of the project that a signature names is exported by the same subpath', () => {
  const types = typesOfTheProject();
  const missing = page.split(/^## /m).flatMap((subpath) => {
    const described = new Set([...subpath.matchAll(/^#{3,4} (\w+)/gm)].map(([, name]) => name));
    const blocks = [...subpath.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
    const signatures = blocks.filter((code) => !/^(?:import|const \w+ = |await )/m.test(code));
    const named = signatures.flatMap(
      (code) => code.replace(/\/\/.*|'[^']*'/g, '').match(/\b[A-Z]\w+\b/g) ?? [],
    );
    return named.filter((name) => types.has(name) && !described.has(name));
  });
  const known = [...COMPUTED_FROM, ...OF_THE_CDK];
  expect([...new Set(missing)].filter((name) => !known.includes(name))).toEqual([]);
});

function typesOfTheProject(): Set<string> {
  const sources = ['src', 'lib'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  );
  const declared = sources.flatMap((source) => [
    ...source.matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm),
  ]);
  return new Set(declared.map(([, name = '']) => name));
}
