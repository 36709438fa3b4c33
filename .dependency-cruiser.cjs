// The one-way arrows between the folders (docs/architecture.md): a folder may import only those listed for it.
const may = {
  'src/scim': [],
  'src/directory': ['src/scim'],
  'src/sessions': ['src/directory', 'src/scim'],
  'src/access': ['src/directory', 'src/scim'],
  'src/client': ['src/sessions', 'src/access', 'src/events', 'src/offboarding', 'src/directory', 'src/scim'],
  'src/offboarding': ['src/sessions', 'src/directory', 'src/scim'],
  'src/events': ['src/directory', 'src/scim'],
  'src/admin': ['src/access', 'src/directory', 'src/events', 'src/offboarding', 'src/sessions', 'src/scim'],
  'src/admin-api': [],
  'src/console-api': ['src/admin-api'],
  'src/admin-client': ['src/admin-api'],
  'src/setup-api': ['src/admin-api'],
  'src/testing': ['src/admin', 'src/client', 'src/sessions', 'src/scim', 'local'],
  'src/oauth': ['src/directory', 'src/scim'],
  'src/endpoints': ['src/admin', 'src/admin-api', 'src/setup-api', 'src/oauth', 'src/directory', 'src/scim'],
  lambdas: [
    'src/endpoints',
    'src/admin',
    'src/admin-api',
    'src/setup-api',
    'src/oauth',
    'src/events',
    'src/offboarding',
    'src/directory',
    'src/scim',
  ],
  lib: ['src/admin-api', 'src/setup-api'],
  bin: ['lib', 'cli', 'local', 'build'],
  local: ['src/admin-api', 'src/directory', 'src/scim'],
  // The operator's console carries the admin API out in its own process.
  cli: ['src/admin', 'src/admin-api', 'src/console-api', 'src/endpoints', 'src/scim', 'local'],
  console: ['src/admin-api', 'src/console-api', 'src/setup-api'],
};
// The floors of the directory from the ground up: a room may import only the rooms below it.
const floors = [
  ['table'],
  ['tenants'],
  ['resources'],
  ['groups'],
  ['users', 'pending', 'log'],
  ['lists', 'check'],
];

const VISIBLE_TEXT = '^src/scim/visible-text\\.ts$';

const DEVELOPMENT = ['test', 'testing', 'bench', 'build'];

const folders = Object.keys(may);
const rooms = floors.flat();
const outside = (folder) =>
  [...folders, ...DEVELOPMENT].filter((other) => other !== folder && !may[folder].includes(other));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder.replace('src/', '')}-imports-only-${may[folder].map((name) => name.replace('src/', '')).join('-and-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: {
        path: `^(${outside(folder).join('|')})/`,
        // The stack is made of the table of routes; the synth checks the vendor's extension schemas and bundles them.
        ...(folder === 'lib'
          ? { pathNot: ['^src/endpoints/routes\\.ts$', '^src/scim/schema/extensions/'] }
          : {}),
        // What a terminal and a browser show of names in the same way.
        ...(folder === 'console' ? { pathNot: [VISIBLE_TEXT] } : {}),
        // Where the repository or the installed package begins.
        ...(folder === 'local' ? { pathNot: ['^lib/(package-root|pages)\\.ts$'] } : {}),
        // Where the console's page is.
        ...(folder === 'cli' ? { pathNot: ['^lib/pages\\.ts$'] } : {}),
      },
    })),
    ...floors.flatMap((floor, level) =>
      floor.map((room) => ({
        name: `directory-${room}-imports-only-rooms-below-it`,
        severity: 'error',
        from: { path: `^src/directory/${room}/` },
        to: {
          path: `^src/directory/(${rooms.filter((other) => other !== room && !floors.slice(0, level).flat().includes(other)).join('|')})/`,
        },
      })),
    ),
    {
      name: 'scim-is-pure',
      comment: 'The protocol knows nothing of AWS, of HTTP frameworks or of this machine.',
      severity: 'error',
      from: { path: '^src/scim/' },
      to: { path: 'node_modules', dependencyTypesNot: ['core'] },
    },
    {
      name: 'an-application-meets-no-scim-error',
      comment:
        'Storage throws errors of its own (src/directory/errors.ts), which the endpoints turn into SCIM errors. What the protocol refuses of a profile, src/access/profile.ts turns into one of them.',
      severity: 'error',
      from: {
        path: '^src/(directory|sessions|access|client|offboarding|events|admin)/',
        pathNot: '^src/access/profile\\.ts$',
      },
      to: { path: '^src/scim/errors\\.ts$' },
    },
    {
      name: 'what-tests-and-benchmarks-share-imports-neither',
      severity: 'error',
      from: { path: '^testing/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'benchmarks-import-no-tests',
      comment: 'What both use lies in testing/.',
      severity: 'error',
      from: { path: '^(bench|build)/' },
      to: { path: '^test/' },
    },
    {
      name: 'tests-import-no-benchmarks',
      comment: 'What both use lies in testing/; tests of the benchmarks themselves are in test/bench/.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'scim-knows-no-administration',
      comment: 'What an identity provider calls has no code in it of what an administrator may do.',
      severity: 'error',
      from: { path: '^src/endpoints/(scim/|routes\\.ts$)' },
      to: { path: '^src/admin(-api)?/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
