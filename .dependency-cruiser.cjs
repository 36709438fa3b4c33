// The one-way arrows between the folders (docs/architecture.md): a folder may import only those listed for it.
const may = {
  scim: [],
  directory: ['scim'],
  sessions: ['directory', 'scim'],
  access: ['directory', 'scim'],
  events: ['directory', 'scim'],
  endpoints: ['directory', 'scim'],
  lambdas: ['endpoints', 'events', 'directory', 'sessions', 'scim'],
  lib: [],
  bin: ['lib'],
  local: ['directory', 'scim'],
  cli: ['access', 'directory', 'events', 'sessions', 'scim'],
};
const folders = Object.keys(may);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder}-imports-only-${may[folder].join('-and-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: {
        path: `^(${[...folders, 'test', 'bench'].filter((other) => other !== folder && !may[folder].includes(other)).join('|')})/`,
        // The synth checks the vendor's extension schemas before it bundles them.
        ...(folder === 'lib' ? { pathNot: '^scim/schema/extensions/' } : {}),
      },
    })),
    {
      name: 'scim-is-pure',
      comment: 'The protocol knows nothing of AWS, of HTTP frameworks or of this machine.',
      severity: 'error',
      from: { path: '^scim/' },
      to: { path: 'node_modules', dependencyTypesNot: ['core'] },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
