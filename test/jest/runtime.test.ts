import { AsyncLocalStorage } from 'node:async_hooks';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { REGISTRY } from '../../testing/registry';

interface TestEnvironment {
  setup(): Promise<void>;
  teardown(): Promise<void>;
}
type Configuration = { projectConfig: object; globalConfig: object };
const Environment: new (configuration: Configuration, context: object) => TestEnvironment =
  jest.requireActual('./environment.cjs');

/** A module as Node has it, whatever Jest gives. */
const ofNode = (name: string): unknown => process.mainModule?.require(require.resolve(name));

test('a test file shares its context and its packages with the process, and so with the other files', () => {
  expect(runInThisContext('Error')).toBe(Error);
  expect(ofNode('fast-check')).toMatchObject({ default: fc });
});

test('a module of the project is loaded anew for each test file', () => {
  expect(jest.requireActual('../../testing/registry')).toMatchObject({ REGISTRY });
  expect(process.mainModule?.children.map(({ filename }) => filename)).not.toContain(
    require.resolve('../../testing/registry'),
  );
});

test('a package is not mocked, since all files would get what is put in its place', () => {
  expect(() => jest.doMock('fast-check', () => ({}))).toThrow('shared by all test files');
});

describe('what the framework notes of the test that is under way', () => {
  let follow: jest.SpyInstance;
  beforeAll(() => {
    follow = jest.spyOn(AsyncLocalStorage.prototype, 'run');
  });
  afterAll(() => follow.mockRestore());

  test('has Node follow no promises', () => {
    expect(follow).not.toHaveBeenCalled();
  });

  test('is there while the test is, also behind what it waits for', async () => {
    const { currentTestIdentity } = expect.getState() as { currentTestIdentity?: () => { name: string } };
    await Promise.resolve();
    expect(currentTestIdentity?.().name).toBe('is there while the test is, also behind what it waits for');
  });
});

test('what a file changes of variables and console is put back behind it', async () => {
  const projectConfig = { testEnvironmentOptions: {}, fakeTimers: {}, globals: {} };
  const [before, log, exit] = [{ ...process.env }, globalThis.console, process.exit];
  const environment = new Environment({ projectConfig, globalConfig: {} }, {});
  await environment.setup();
  process.env = { ONLY: 'this' };
  globalThis.console = Object.create(log);
  process.exit = () => {
    throw new Error('ended');
  };

  await environment.teardown();

  expect({ ...process.env }).toEqual(before);
  expect([globalThis.console, process.exit]).toEqual([log, exit]);
});
