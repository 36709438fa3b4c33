import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SETTINGS } from '../../src/admin/tenant-settings';

const ROOT = join(__dirname, '..', '..');
const DOCS = join(ROOT, 'docs');

const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));
const guides = readdirSync(join(DOCS, 'setup')).filter((name) => name.endsWith('.md'));
const benchmarks = readdirSync(join(DOCS, 'benchmarks')).filter((name) => name.endsWith('.md'));
const textOf = (path: string) => readFileSync(path, 'utf8');

/** The anchor that GitHub gives a heading: lower case, spaces as hyphens, without punctuation and markup. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

const headingsOf = (text: string) =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);

const linksIn = (text: string) =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^()\s]+(?:\([^()]*\))?[^()\s]*)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

test('the index of docs/ names every page', () => {
  const index = textOf(join(DOCS, 'README.md'));
  const named = [...pages.filter((name) => name !== 'README.md'), ...guides.map((name) => `setup/${name}`)];
  const missing = named.filter((name) => !index.includes(`](${name})`));

  expect(missing).toEqual([]);
});

test('the index of the benchmarks names every page, and each page is written by a script of its name', () => {
  const index = textOf(join(DOCS, 'benchmarks', 'README.md'));
  const { scripts } = JSON.parse(textOf(join(ROOT, 'package.json'))) as { scripts: Record<string, string> };
  const names = benchmarks.filter((name) => name !== 'README.md').map((name) => name.replace('.md', ''));

  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !index.includes(`](${name}.md)`))).toEqual([]);
  expect(names.filter((name) => scripts[`bench:${name}`] === undefined)).toEqual([]);
});

test('what a benchmark writes has its place on its page', () => {
  const places = readdirSync(join(ROOT, 'bench'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...textOf(join(ROOT, 'bench', name)).matchAll(/writeSection\('([^']+)', '([^']+)'/g),
    ]);
  const lost = places.filter(
    ([, page = '', name]) => !textOf(join(DOCS, page)).includes(`<!-- bench:${name} -->`),
  );

  expect(places.length).toBeGreaterThan(6);
  expect(lost).toEqual([]);
});

test('every file that docs/architecture.md names by its path is there', () => {
  const named = [
    ...textOf(join(DOCS, 'architecture.md')).matchAll(
      /`((?:bin|lib|lambdas|src|cli|local|test)\/[^`\s<*]+)`/g,
    ),
  ].map(([, path = '']) => path);

  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every link between the pages leads somewhere, anchors included', () => {
  const files = [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].map((name) => join(ROOT, name)),
    ...['examples/README.md', 'extensions/README.md'].map((name) => join(ROOT, name)),
    ...pages.map((name) => join(DOCS, name)),
    ...guides.map((name) => join(DOCS, 'setup', name)),
    ...benchmarks.map((name) => join(DOCS, 'benchmarks', name)),
  ];
  const broken = files.flatMap((file) =>
    linksIn(textOf(file)).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !headingsOf(textOf(target)).map(anchorOf).includes(anchor);
    }),
  );

  expect(broken).toEqual([]);
});

test('the list at the top of docs/decisions.md names every decision, in order', () => {
  const text = textOf(join(DOCS, 'decisions.md'));
  const listed = [...text.slice(0, text.indexOf('\n## ')).matchAll(/\]\(#([^)]+)\)/g)].map(
    ([, anchor]) => anchor,
  );

  expect(listed.length).toBeGreaterThan(50);
  expect(listed).toEqual(headingsOf(text).slice(1).map(anchorOf));
});

test("the page of tenants' settings has each as its definition says it", () => {
  const rows = textOf(join(DOCS, 'tenant-settings.md'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  expect(rows).toEqual(
    SETTINGS.map(
      ({ name, accepted, default: byDefault, purpose }) =>
        `| \`${name}\` | ${accepted} | \`${byDefault}\` | ${purpose} |`,
    ),
  );
});
