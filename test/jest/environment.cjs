const { createRequire } = require('node:module');

const ofJest = createRequire(createRequire(require.resolve('jest')).resolve('@jest/core'));
const { TestEnvironment } = createRequire(ofJest.resolve('jest-config'))('jest-environment-node');

/** Jest collects 100 lines of each error's stack, and a service that refuses requests makes many errors. */
const STACK_LINES = 30;

/**
 * The process's own global object as the environment of each test file (runtime.cjs says why). What a file changes of
 * the environment variables and of the console is put back behind it.
 */
class Environment extends TestEnvironment {
  #before;

  constructor(config, context) {
    super(config, context);
    const { projectConfig } = config;
    this.global = globalThis;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimersModern = new this.fakeTimersModern.constructor({
      config: projectConfig,
      global: globalThis,
    });
    this.#before = {
      console: globalThis.console,
      exit: process.exit,
      prepareStackTrace: Error.prepareStackTrace,
      variables: process.env,
      values: { ...process.env },
    };
  }

  async setup() {
    await super.setup();
    Error.stackTraceLimit = STACK_LINES;
  }

  /** `npm run test:repeat -- 1 --reverse`: the last test of a file first. */
  handleTestEvent({ name, describeBlock }) {
    if (name === 'run_describe_start' && process.env.SCIM_TEST_ORDER === 'reverse')
      describeBlock.children.reverse();
  }

  async teardown() {
    const { console, exit, prepareStackTrace, variables, values } = this.#before;
    globalThis.console = console;
    process.exit = exit;
    Error.prepareStackTrace = prepareStackTrace;
    process.env = variables;
    for (const name of Object.keys(process.env)) if (!(name in values)) delete process.env[name];
    Object.assign(process.env, values);
    await super.teardown();
  }
}

module.exports = Environment;
