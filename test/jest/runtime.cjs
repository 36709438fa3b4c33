const { createRequire, isBuiltin } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

// Jest's own, as its core has it.
const ofJest = createRequire(createRequire(require.resolve('jest')).resolve('@jest/core'));
const { default: JestRuntime } = ofJest('jest-runtime');

/** The function as which a module is compiled, with the parameters that Jest calls it with. */
const HEAD = '(function (module, exports, require, __dirname, __filename, jest) {';

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
    // An internal of Jest: test/jest/runtime.test.ts holds that it is used. Of a whole script, unlike a function, V8
    // keeps what it has compiled, for the next test file that loads the module.
    this.executor.compile = (source, filename) =>
      new Script(`${HEAD}${source}\n})`, { filename, columnOffset: -HEAD.length }).runInThisContext();
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
    if (name === 'node:async_hooks') return { AsyncLocalStorage: ExecutionContext };
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

/**
 * What the framework asks which test is under way. Node's own follows every promise of the process, and each file's
 * framework makes one more that is never given up, so that promises cost more with every file. Tests of a file run
 * one behind the other here: it is the innermost of what has not ended.
 */
class ExecutionContext {
  #underWay = [];

  getStore() {
    return this.#underWay.at(-1)?.store;
  }

  run(store, callback) {
    const entry = { store };
    this.#underWay.push(entry);
    const end = () => {
      this.#underWay = this.#underWay.filter((each) => each !== entry);
    };
    return Promise.resolve(callback()).finally(end);
  }
}

module.exports = Runtime;
module.exports.default = Runtime;
