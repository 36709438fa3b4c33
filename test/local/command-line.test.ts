import { join } from 'node:path';
import badge from '../../examples/extensions/badge.json';
import { readCommandLine } from '../../local/command-line';
import { LocalError } from '../../local/local-error';

test('nothing is asked for by default', () => {
  expect(readCommandLine([])).toEqual({
    port: undefined,
    memory: false,
    reset: false,
    json: false,
    verbose: false,
    cognito: false,
    help: false,
  });
});

test('all options are read', () => {
  expect(
    readCommandLine([
      '--port',
      '0',
      '--memory',
      '--json',
      '--verbose',
      '--events-url',
      'http://127.0.0.1:3000/x',
    ]),
  ).toMatchObject({
    port: 0,
    eventsUrl: 'http://127.0.0.1:3000/x',
    memory: true,
    json: true,
    verbose: true,
  });
});

test('stores of sessions are asked for by a URL, a user pool also without one', () => {
  const url = 'http://127.0.0.1:3000/hooks';

  expect(readCommandLine(['--webhook', url, '--cognito'])).toMatchObject({ webhookUrl: url, cognito: true });
  expect(readCommandLine(['--cognito-endpoint', url])).toMatchObject({ cognito: true, cognitoEndpoint: url });
});

test('extension schemas are read from their folder', () => {
  const { extensions } = readCommandLine(['--extensions', join(__dirname, '../../examples/extensions')]);

  expect(extensions?.map(({ schema }) => schema.id)).toEqual([badge.id]);
});

test.each([
  [['--extensions', 'absent'], '--extensions is "absent", which is no folder in '],
  [['--extensions', __filename], `--extensions is "${__filename}", which is no folder in `],
  [
    ['--extensions', join(__dirname, '../package/consumers/cdk/broken-extensions')],
    'broken-extensions/badge.json: ',
  ],
  [['--port', 'x'], '--port is "x"'],
  [['--port', '70000'], '--port is "70000"'],
  [['--memry'], "Unknown option '--memry'"],
  [['--events-url', 'ftp://x'], '--events-url is "ftp://x"'],
  [['--webhook', 'hooks'], '--webhook is "hooks"'],
  [['--cognito-endpoint', 'x'], '--cognito-endpoint is "x"'],
  [['--memory', '--reset'], 'do not go together'],
])('%j is refused in one sentence', (parameters, message) => {
  expect(() => readCommandLine(parameters)).toThrow(LocalError);
  expect(() => readCommandLine(parameters)).toThrow(message);
});
