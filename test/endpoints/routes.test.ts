import { Table } from '../../src/directory/table/table';
import { SCIM_PATHS } from '../../src/endpoints/routes';
import { directoryOf } from '../../testing/directory';
import { serviceOf } from '../../testing/service';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

const service = serviceOf(directoryOf(new Table('memory', memoryClient(new MemoryStore()))));
/** `/Me` answers 501, whatever the method (RFC 7644 section 3.11). */
const paths = SCIM_PATHS.filter(({ path }) => path !== '/Me');

describe('every path of the table of routes', () => {
  test.each(paths)('$path: another method is answered 405 with the methods of the table', async (route) => {
    const listed = Object.keys(route.methods);

    const { status, headers } = await service.send('OPTIONS', route.path.replace('{id}', 'x'));

    expect(status).toBe(405);
    const allowed = headers?.Allow?.split(', ').filter((method) => method !== 'HEAD');
    expect(allowed?.sort()).toEqual(listed.sort());
  });

  test.each(paths)('$path: each method of the table is known', async (route) => {
    for (const method of Object.keys(route.methods)) {
      const { status } = await service.send(method, route.path.replace('{id}', 'x'));
      expect([405, 501]).not.toContain(status);
    }
  });
});
