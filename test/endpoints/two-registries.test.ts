import { SCIM_PATHS } from '../../src/endpoints/routes';
import { compileFilter } from '../../src/scim/filter/match';
import { parseFilter } from '../../src/scim/filter/parse';
import type { JsonObject } from '../../src/scim/json';
import { openApiDocument } from '../../src/scim/openapi/document';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { REGISTRY } from '../../testing/registry';
import { BASE_URL, type Service, serviceOf } from '../../testing/service';
import { BADGE, EXTENDED, TEAM } from './badge-extension';

/*
 * Two services in one process, one with extensions and one without, in whichever order they are asked: what one knows,
 * and keeps for the next request, is nothing to the other.
 */

const engine = useTestTable();

const patch = (path: string, value: string) => ({ Operations: [{ op: 'replace', path, value }] });

describe.each([
  ['with extensions', 'without'],
  ['without', 'with extensions'],
])('%s first, then %s', (...order) => {
  let extended: Service;
  let plain: Service;
  beforeAll(() => {
    const directory = directoryOf(engine.table);
    extended = serviceOf(directory, EXTENDED);
    plain = serviceOf(directory, REGISTRY);
  });

  /** The answers of both services, asked one after the other in this round's order, twice. */
  async function answers(ask: (service: Service) => Promise<JsonObject>) {
    const found = new Map<string, JsonObject>();
    for (const name of [...order, ...order]) {
      found.set(name, await ask(name === 'without' ? plain : extended));
    }
    return {
      extended: JSON.stringify(found.get('with extensions')),
      plain: JSON.stringify(found.get('without')),
    };
  }

  test.each(['/Schemas', '/ResourceTypes', '/openapi.json'])(
    '%s tells of the own extensions',
    async (path) => {
      const told = await answers((service) => service.get(path));

      expect(told.extended).toContain(BADGE);
      expect(told.plain).not.toContain(BADGE);
    },
  );

  test('a user has the extension that the service knows', async () => {
    let count = 0;
    const created = await answers(async (service) => {
      const id = await service.create('/Users', {
        userName: `${order[0]}-${++count}@example.com`,
        [BADGE]: { badgeNumber: 'B-1' },
      });
      return service.get(`/Users/${id}`);
    });

    expect(created.extended).toContain('B-1');
    expect(created.plain).not.toContain('B-1');
  });

  test('a PATCH path leads where the service knows it to lead', async () => {
    const id = await plain.create('/Users', { userName: `${order[0]}@example.com` });
    const send = (service: Service) =>
      service.send('PATCH', `/Users/${id}`, patch(`${BADGE}:badgeNumber`, 'B-2'));
    const statuses = new Map<string, number>();
    for (const name of [...order, ...order]) {
      statuses.set(name, (await send(name === 'without' ? plain : extended)).status);
    }

    expect(Object.fromEntries(statuses)).toEqual({ 'with extensions': 200, without: 400 });
  });

  test('members of a group are added in either', async () => {
    const user = await plain.create('/Users', { userName: `m-${order[0]}@example.com` });
    const create = (service: Service, name: string) =>
      service.create('/Groups', { displayName: `${order[0]} ${name}`, [TEAM]: { costCenter: '1' } });
    for (const name of order) {
      const service = name === 'without' ? plain : extended;
      const id = await create(service, name);
      const Operations = [{ op: 'add', path: 'members', value: [{ value: user }] }];
      expect(await service.send('PATCH', `/Groups/${id}`, { Operations })).toMatchObject({ status: 204 });
    }
  });
});

test('what one registry is asked for leaves nothing in the other', () => {
  const filter = parseFilter(`${BADGE}:badgeNumber eq "B-1"`);

  expect(() => compileFilter(filter, EXTENDED.user)).not.toThrow();
  expect(() => compileFilter(filter, REGISTRY.user)).toThrow(/badgeNumber/);
  expect(JSON.stringify(openApiDocument(EXTENDED, BASE_URL, SCIM_PATHS))).toContain(BADGE);
  expect(JSON.stringify(openApiDocument(REGISTRY, BASE_URL, SCIM_PATHS))).not.toContain(BADGE);
});
