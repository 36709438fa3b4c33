import { gzipSync } from 'node:zlib';
import { type Check, fail, passed, skipped } from '../check';
import { expectEqual, expectScimError, expectStatus, idOf, resourcesOf, shown } from '../expectations';
import { filtered, newName, patchBody, userBody } from '../resources';

/** DynamoDB takes 2,048 bytes in a partition key and 1,024 in a sort key. */
const LONG_VALUE = 'x'.repeat(3_000);
/** Longer than a sort key; API Gateway takes no path that makes the ARN of its method longer than 1,600 bytes. */
const LONG_ID = 'x'.repeat(1_100);

/** HTTP as it comes through the gateway. */
export const HTTP: readonly Check[] = [
  {
    id: 'http.tls',
    title: 'The connection is TLS 1.2 or later, with a certificate of the host',
    async run({ baseUrl, reader }) {
      if (!baseUrl.startsWith('https:')) return skipped('the local run speaks HTTP');
      expectStatus(await reader.send('GET', '/ServiceProviderConfig'), 200);
      return passed();
    },
  },
  {
    id: 'http.head',
    title: 'HEAD is GET without the body: lists, resources, errors',
    async run({ scim }) {
      const id = idOf(await scim.send('POST', '/Users', userBody(newName('head'))));
      for (const path of [`/Users/${id}`, '/ServiceProviderConfig', '/Users/nobody']) {
        const [get, head] = [await scim.send('GET', path), await scim.send('HEAD', path)];
        expectEqual(`the status of ${head.request}`, head.status, get.status);
        expectEqual(`the body of ${head.request}`, head.text, '');
        for (const name of ['content-type', 'etag'])
          expectEqual(`${name} of ${head.request}`, head.headers[name], get.headers[name]);
      }
      return passed();
    },
  },
  {
    id: 'http.search',
    title: 'POST to .search finds what a filter in the query finds, at the root and below',
    async run({ scim }) {
      const userName = newName('search');
      const id = idOf(await scim.send('POST', '/Users', userBody(userName)));
      const request = {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: `userName eq "${userName}"`,
        attributes: ['userName'],
      };
      for (const path of ['/.search', '/Users/.search']) {
        const [found] = resourcesOf(await scim.send('POST', path, request));
        expectEqual(`the user found by POST ${path}`, found?.id, id);
      }
      return passed();
    },
  },
  {
    id: 'http.encoded-id',
    title: 'A percent-encoded id in the path is the id; a slash at the end makes no difference',
    async run({ scim }) {
      const id = idOf(await scim.send('POST', '/Users', userBody(newName('encoded'))));
      const encoded = [...id].map((character) => `%${character.charCodeAt(0).toString(16)}`).join('');
      for (const path of [`/Users/${encoded}`, `/Users/${id}/`]) {
        const answer = await scim.send('GET', path);
        expectStatus(answer, 200);
        expectEqual(`the id of ${path}`, answer.body.id, id);
      }
      return passed();
    },
  },
  {
    id: 'http.filter-encoding',
    title: 'UTF-8, "+" and "%20" in a filter arrive as they were sent; upper and lower case are one',
    async run({ scim }) {
      const userName = newName('jürgen;søren');
      const id = idOf(await scim.send('POST', '/Users', userBody(userName)));
      const value = encodeURIComponent(`"${userName.toUpperCase()}"`);
      for (const blank of ['+', '%20']) {
        const [found] = resourcesOf(
          await scim.send('GET', `/Users?filter=userName${blank}eq${blank}${value}`),
        );
        expectEqual(`the user found with ${blank} for a blank`, found?.id, id);
      }
      return passed();
    },
  },
  {
    id: 'http.semicolon',
    title: 'A ";" that is not encoded in a filter is read as it is or refused, never as half a filter',
    async run({ scim }) {
      const userName = newName('semi;colon');
      const id = idOf(await scim.send('POST', '/Users', userBody(userName)));
      const answer = await scim.send('GET', `/Users?filter=userName%20eq%20%22${userName}%22`);
      if (answer.status === 400) {
        expectScimError(answer, 400, 'invalidFilter');
        return passed('refused: the gateway splits the query there');
      }
      const found = resourcesOf(answer).map((user) => user.id);
      expectEqual('what the filter found', found, [id]);
      return passed('read as it is');
    },
  },
  {
    id: 'http.long-values',
    title: 'Values longer than a key of DynamoDB are answered: nobody has them',
    async run({ scim }) {
      for (const path of [
        filtered('/Users', `userName eq "${LONG_VALUE}"`),
        filtered('/Users', `externalId eq "${LONG_VALUE}"`),
        filtered('/Groups', `displayName eq "${LONG_VALUE}"`),
        filtered('/Groups', `members.value eq "${LONG_VALUE}"`),
      ]) {
        expectEqual('the number of resources found', resourcesOf(await scim.send('GET', path)).length, 0);
      }
      expectScimError(await scim.send('GET', `/Users/${LONG_ID}`), 404);
      return passed();
    },
  },
  {
    id: 'http.gzip-answer',
    title: 'Large answers are gzip for a client that takes it, and plain for one that does not',
    async run({ reader }) {
      const zipped = await reader.send('GET', '/Schemas', undefined, { 'accept-encoding': 'gzip' });
      const plain = await reader.send('GET', '/Schemas');
      expectEqual('Content-Encoding for Accept-Encoding: gzip', zipped.headers['content-encoding'], 'gzip');
      expectEqual('Content-Encoding without it', plain.headers['content-encoding'], undefined);
      if (zipped.text !== plain.text) fail('the unpacked answer differs from the plain one');
      return passed(`${plain.bytes} bytes are ${zipped.bytes}`);
    },
  },
  {
    id: 'http.gzip-request',
    title: 'A body with Content-Encoding: gzip is unpacked',
    async run({ scim }) {
      const userName = newName('zipped');
      const content = gzipSync(JSON.stringify(userBody(userName)));
      const created = await scim.send('POST', '/Users', content, { 'content-encoding': 'gzip' });
      expectStatus(created, 201);
      expectEqual('userName of who was created', created.body.userName, userName);
      return passed();
    },
  },
  {
    id: 'http.etag',
    title: 'ETag and If-None-Match: an unchanged resource is 304',
    async run({ scim }) {
      const id = idOf(await scim.send('POST', '/Users', userBody(newName('etag'))));
      const { headers } = await scim.send('GET', `/Users/${id}`);
      const etag = headers.etag ?? '';
      if (!/^W\/"[^"]+"$/.test(etag)) fail(`the ETag of GET /Users/{id} is ${shown(headers.etag)}`);
      const again = await scim.send('GET', `/Users/${id}`, undefined, { 'if-none-match': etag });
      expectStatus(again, 304);
      expectEqual('the body of the 304', again.text, '');
      return passed(etag);
    },
  },
  {
    id: 'http.if-match',
    title: 'If-Match: a write to the present version is done, one to an older version is 412',
    async run({ scim }) {
      const created = await scim.send('POST', '/Users', userBody(newName('match')));
      const path = `/Users/${idOf(created)}`;
      const etag = created.headers.etag ?? fail('the answer to POST /Users has no ETag');
      const titled = (title: string) => patchBody({ op: 'replace', path: 'title', value: title });
      expectStatus(await scim.send('PATCH', path, titled('first'), { 'if-match': etag }), 200);
      expectScimError(await scim.send('PATCH', path, titled('second'), { 'if-match': etag }), 412);
      expectScimError(await scim.send('DELETE', path, undefined, { 'if-match': etag }), 412);
      expectEqual('the title', (await scim.send('GET', path)).body.title, 'first');
      return passed();
    },
  },
];
