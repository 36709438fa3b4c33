const { createRequire, isBuiltin } = require('node:module');
const { dirname } = require('node:path');
const { compileFunction } = require('node:vm');

// Jest's own, as its core has it.
const ofJest = createRequire(createRequire(require.resolve('jest')).resolve('@jest/core'));
const { default: JestRuntime } = ofJest('jest-runtime');

/** What the compiled functions of Jest's modules take, in this order. */
const PARAMETERS = ['module', 'exports', 'require', '__dirname', '__filename', 'jest'];

/**
 * Jest's runtime, but for two things: code runs in the process's own context, and a package is loaded by Node, once for
 * all test files of a process. Jest loads all of a file's modules anew, the CDK in 5 s, the SDK in half a second; a
 * context of its own would not let them be shared, since an `Error` of the one is no `Error` of the other.
 *
 * The project's sources are still loaded anew for each test file, so that no state of theirs goes from file to file.
 */
class Runtime extends JestRuntime {
  /** Keys of the global object under which the framework keeps this file's tests. */
  #ofThisFile = [];

  constructor(...parameters) {
    super(...parameters);
    // An internal of Jest: test/jest/runtime.test.ts holds that it is used.
    this.executor.compile = (source, filename) => compileFunction(source, PARAMETERS, { filename });
  }

  requireModuleOrMock(from, name) {
    return isPackage(name) ? nativeRequire(from)(name) : super.requireModuleOrMock(from, name);
  }

  setMock(from, name, ...rest) {
    if (isPackage(name)) throw new Error(`${name} is shared by all test files and cannot be mocked.`);
    super.setMock(from, name, ...rest);
  }

  requireInternalModule(from, name) {
    if (name !== undefined && isPackage(name)) return nativeRequire(from)(name);
    // It keeps its matchers in the global object, from when it is loaded and for good.
    nativeRequire(require.resolve('jest'))('expect');
    const before = new Set(Reflect.ownKeys(globalThis));
    const loaded = super.requireInternalModule(from, name);
    this.#ofThisFile.push(...Reflect.ownKeys(globalThis).filter((key) => !before.has(key)));
    return loaded;
  }

  teardown() {
    super.teardown();
    for (const key of this.#ofThisFile) delete globalThis[key];
  }
}

/** Neither a path nor Node's own, nor this package itself, whose subpaths are sources here. */
const isPackage = (name) =>
  !/^[./]/.test(name) && !isBuiltin(name) && !name.startsWith('serverless-scim') && name !== '@jest/globals';

const requires = new Map();

function nativeRequire(from) {
  const folder = dirname(from);
  let found = requires.get(folder);
  if (found === undefined) {
    found = createRequire(from);
    requires.set(folder, found);
  }
  return found;
}

module.exports = Runtime;
module.exports.default = Runtime;
