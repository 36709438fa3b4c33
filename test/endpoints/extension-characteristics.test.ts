import type { Directory } from '../../src/directory/resources/directory';
import { modifyUser } from '../../src/directory/users/users';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { type Service, serviceOf } from '../../testing/service';
import { BADGE, CONTRACT, EXTENDED, TEAM } from './badge-extension';

const engine = useTestTable();
let directory: Directory;
let service: Service;
beforeAll(() => {
  directory = directoryOf(engine.table);
  service = serviceOf(directory, EXTENDED);
});

let count = 0;
const nextName = () => `user-${++count}@example.com`;

function badged(badge: Record<string, string | number | object[]>) {
  return service.create('/Users', { userName: nextName(), [BADGE]: badge as never });
}

const patch = (id: string, ...Operations: object[]) =>
  service.send('PATCH', `/Users/${id}`, { Operations: Operations as never });

describe('returned', () => {
  test('always is in every answer, request only when named, never in none', async () => {
    const values = { costCenter: '1', note: 'n', secret: 's', kind: 'k' };
    const id = await service.create('/Groups', { displayName: 'returned', [TEAM]: values });

    const answers = {
      plain: await service.get(`/Groups/${id}`),
      named: await service.get(`/Groups/${id}?attributes=${TEAM}:note,${TEAM}:secret`),
      excluded: await service.get(`/Groups/${id}?excludedAttributes=${TEAM}:kind,${TEAM}:costCenter`),
    };

    expect(answers.plain[TEAM]).toEqual({ costCenter: '1', kind: 'k' });
    expect(answers.named[TEAM]).toEqual({ note: 'n', kind: 'k' });
    expect(answers.excluded[TEAM]).toEqual({ kind: 'k' });
  });

  test('request is in the answer to the write that sets it: POST and PUT', async () => {
    const body = { displayName: 'written', [TEAM]: { costCenter: '1', NOTE: 'n' } };
    const created = await service.send('POST', '/Groups', body);
    const path = `/Groups/${created.body?.id}`;
    const shown = async (query: string, sent: object = body) =>
      (await service.send('PUT', `${path}${query}`, sent as never)).body?.[TEAM];

    expect(created.body?.[TEAM]).toEqual({ costCenter: '1', note: 'n' });
    expect(await shown('')).toEqual({ costCenter: '1', note: 'n' });
    expect(
      await shown('', { displayName: 'written', [`${TEAM}:costCenter`]: '1', [`${TEAM}:note`]: 'm' }),
    ).toEqual({
      costCenter: '1',
      note: 'm',
    });
    expect(await shown(`?excludedAttributes=${TEAM}:note`)).toEqual({ costCenter: '1' });
    expect(await shown(`?attributes=${TEAM}:costCenter`)).toEqual({ costCenter: '1' });
    expect((await service.get(path))[TEAM]).toEqual({ costCenter: '1' });
  });

  test.each([
    { op: 'replace', path: `${CONTRACT}:remark`, value: 'r' },
    { op: 'Add', path: 'remark', value: 'r' },
    { op: 'replace', value: { [`${CONTRACT}:remark`]: 'r' } },
    { op: 'replace', value: { [CONTRACT]: { Remark: 'r' } } },
    { op: 'replace', path: CONTRACT, value: { remark: 'r' } },
  ])('request is in the answer to the PATCH that sets it: %j', async (operation) => {
    const id = await service.create('/Users', {
      userName: nextName(),
      [CONTRACT]: { number: '1', remark: 'old', place: { desk: 'd', remark: 'p' } },
    });
    const plain = { number: '1', place: { desk: 'd' } };

    expect((await patch(id, operation)).body?.[CONTRACT]).toEqual({ ...plain, remark: 'r' });
    expect((await patch(id, { op: 'add', path: 'title', value: 't' })).body?.[CONTRACT]).toEqual(plain);
  });

  test('a part that is returned on request is in the answer to the write that sets it', async () => {
    const id = await service.create('/Users', { userName: nextName(), [CONTRACT]: { number: '1' } });
    const place = { desk: 'd', remark: 'p' };

    for (const operation of [
      { op: 'add', path: `${CONTRACT}:place`, value: place },
      { op: 'replace', path: 'place.remark', value: 'p' },
      { op: 'replace', path: 'place[desk eq "d"].remark', value: 'p' },
    ]) {
      expect((await patch(id, operation)).body?.[CONTRACT]).toEqual({ number: '1', place });
    }
    expect((await patch(id, { op: 'add', path: 'place.desk', value: 'e' })).body?.[CONTRACT]).toEqual({
      number: '1',
      place: { desk: 'e' },
    });
  });

  test('what is never returned cannot be guessed by a filter', async () => {
    const response = await service.send('GET', `/Groups?filter=${TEAM}:secret eq "s"`);

    expect(response).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });
});

describe('immutable', () => {
  test('a PUT may set it once, may repeat or leave it out, and is refused when it changes it', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName });
    const put = (badge: object) => service.send('PUT', `/Users/${id}`, { userName, [BADGE]: badge as never });

    expect(await put({ badgeNumber: 'I-1' })).toMatchObject({ body: { [BADGE]: { badgeNumber: 'I-1' } } });
    expect((await put({ badgeNumber: 'I-1', clearance: 2 })).status).toBe(200);
    expect(await put({ clearance: 3 })).toMatchObject({
      body: { [BADGE]: { badgeNumber: 'I-1', clearance: 3 } },
    });
    expect(await put({ badgeNumber: 'i-1' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
    expect(await service.send('PUT', `/Users/${id}`, { userName })).toMatchObject({
      body: { [BADGE]: { badgeNumber: 'I-1' } },
    });
  });

  test('a PATCH is refused when it changes or removes it, by whatever path', async () => {
    const id = await badged({ badgeNumber: 'I-2', clearance: 1 });

    for (const operation of [
      { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-3' },
      { op: 'remove', path: `${BADGE}:badgeNumber` },
      { op: 'remove', path: BADGE },
      { op: 'add', value: { [`${BADGE}:badgeNumber`]: 'I-3' } },
    ]) {
      expect(await patch(id, operation)).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    }
    expect((await patch(id, { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-2' })).status).toBe(200);
  });

  test('a part of a complex attribute keeps its value while the rest changes', async () => {
    const userName = nextName();
    const place = { site: 'Oslo', desk: '1' };
    const id = await service.create('/Users', { userName, [CONTRACT]: { number: '1', place } });
    const put = (given: object) =>
      service.send('PUT', `/Users/${id}`, { userName, [CONTRACT]: { number: '1', place: given } as never });

    expect(await put({ desk: '2' })).toMatchObject({
      body: { [CONTRACT]: { place: { site: 'Oslo', desk: '2' } } },
    });
    expect(await put({ site: 'Bergen' })).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    // caseExact is false, so this is the same site; it keeps the spelling it has.
    expect(await put({ site: 'OSLO' })).toMatchObject({ body: { [CONTRACT]: { place: { site: 'Oslo' } } } });
  });

  test('an immutable dateTime of a group survives a PUT without it and refuses another', async () => {
    const founded = '2020-02-29T00:00:00Z';
    const values = { costCenter: '1', founded };
    const id = await service.create('/Groups', { displayName: 'immutable', [TEAM]: values });
    const put = (team: object) =>
      service.send('PUT', `/Groups/${id}`, { displayName: 'immutable', [TEAM]: team as never });

    expect(await put({ costCenter: '2' })).toMatchObject({ body: { [TEAM]: { costCenter: '2', founded } } });
    expect(await put({ costCenter: '2', founded: '2021-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
  });
});

describe('readOnly and writeOnly', () => {
  test('a readOnly value is not taken from a client, and a PUT or PATCH leaves what the service has', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, [CONTRACT]: { number: '1', rank: 'forged' } });
    expect((await service.get(`/Users/${id}`))[CONTRACT]).toEqual({ number: '1' });
    await modifyUser(directory, id, (attributes) => ({
      ...attributes,
      [CONTRACT]: { number: '1', rank: 'A' },
    }));

    await service.send('PUT', `/Users/${id}`, { userName, [CONTRACT]: { number: '2', rank: 'B' } });

    expect((await service.get(`/Users/${id}`))[CONTRACT]).toEqual({ number: '2', rank: 'A' });
    expect(await patch(id, { op: 'replace', path: `${CONTRACT}:rank`, value: 'B' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
  });

  test('a writeOnly value is checked, never kept and never returned', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, [BADGE]: { pin: '1234', clearance: 1 } });

    expect((await service.get(`/Users/${id}?attributes=${BADGE}`))[BADGE]).toEqual({ clearance: 1 });
    expect(
      await service.send('POST', '/Users', { userName: nextName(), [BADGE]: { pin: {} } }),
    ).toMatchObject({
      status: 400,
    });
  });
});

describe('required', () => {
  test('a required extension must be there with what it requires', async () => {
    const refused = await service.send('POST', '/Groups', { displayName: 'without team' });

    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(refused.body?.detail).toContain(`"${TEAM}:costCenter"`);
  });

  test('a PATCH that starts an extension without its required attribute is refused', async () => {
    const id = await service.create('/Users', { userName: nextName() });

    const refused = await patch(id, { op: 'add', path: `${CONTRACT}:hours`, value: 8 });
    const accepted = await patch(
      id,
      { op: 'add', path: `${CONTRACT}:hours`, value: 8 },
      { op: 'add', path: `${CONTRACT}:number`, value: 'c' },
    );

    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(accepted.status).toBe(200);
  });

  test('a user who lacks an attribute that was made required later can still be deactivated', async () => {
    const id = await service.create('/Users', { userName: nextName() });
    await modifyUser(directory, id, (attributes) => ({ ...attributes, [CONTRACT]: { hours: 8 } }));

    expect(await patch(id, { op: 'replace', value: { active: false } })).toMatchObject({
      status: 200,
      body: { active: false },
    });
  });
});
