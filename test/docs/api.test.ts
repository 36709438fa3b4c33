import { readFileSync } from 'node:fs';
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
