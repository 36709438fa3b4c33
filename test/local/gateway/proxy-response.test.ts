import { readProxyResponse } from '../../../local/gateway/proxy-response';

const read = (output: unknown) => readProxyResponse(JSON.stringify(output));

test('status, headers and body are passed on, JSON being the default type', () => {
  const answer = read({ statusCode: 201, headers: { Location: '/x' }, body: 'ä' });

  expect(answer).toEqual({
    status: 201,
    headers: [
      ['Location', '/x'],
      ['Content-Type', 'application/json'],
    ],
    body: Buffer.from('ä'),
  });
});

test('both kinds of headers are joined, a pair that is in both once', () => {
  const answer = read({ statusCode: 200, headers: { A: '1', B: '2' }, multiValueHeaders: { a: ['1', '3'] } });

  expect(answer?.headers).toEqual([
    ['a', '1'],
    ['a', '3'],
    ['B', '2'],
    ['Content-Type', 'application/json'],
  ]);
});

test('a base64 body is decoded', () => {
  expect(read({ statusCode: 200, body: 'AAEC', isBase64Encoded: true })?.body).toEqual(
    Buffer.from([0, 1, 2]),
  );
});

test('headers of the gateway are renamed, lengths left out', () => {
  const answer = read({ statusCode: 401, headers: { 'WWW-Authenticate': 'Bearer', 'Content-Length': '9' } });

  expect(answer?.headers.map(([name]) => name)).toEqual(['x-amzn-Remapped-WWW-Authenticate', 'Content-Type']);
});

test.each([
  ['no status', {}],
  ['a status that is no number', { statusCode: 'ok' }],
  ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
  ['a member that is none', { statusCode: 200, hello: 1 }],
  ['null', null],
  ['a header that is a list', { statusCode: 200, headers: { A: ['1'] } }],
])('%s makes it malformed', (_name, output) => {
  expect(read(output)).toBeUndefined();
});
