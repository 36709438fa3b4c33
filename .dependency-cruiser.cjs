// The one-way arrows between the rooms of the house (docs/architecture.md): a room may import only the rooms listed
// for it.
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
const rooms = Object.keys(may);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms.map((room) => ({
      name: `${room}-imports-only-${may[room].join('-and-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: {
        path: `^(${[...rooms, 'test', 'bench'].filter((other) => other !== room && !may[room].includes(other)).join('|')})/`,
        // The synth checks the vendor's extension schemas before it bundles them.
        ...(room === 'lib' ? { pathNot: '^scim/schema/extensions/' } : {}),
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
