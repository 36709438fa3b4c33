import type { JsonValue } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';

// RFC 7643 section 2.4: "If not specified, the value of "primary" SHALL be assumed to be "false"."

const engine = useTestTable();
let service: Service;
beforeEach(() => {
  service = serviceOf(directoryOf(engine.table));
});

const work = { value: 'pia@work.example', type: 'work', primary: true };
const home = { value: 'pia@home.example', type: 'home' };

describe('an element that does not say whether it is primary', () => {
  test.each([
    ['emails[primary eq false]', ['pia']],
    ['emails[type eq "home" and primary eq "False"]', ['pia']],
    ['emails.primary eq false', ['pia']],
    ['emails[primary ne true]', ['pia']],
    ['emails[primary ne false]', ['one', 'pia']],
    ['emails[primary eq true]', ['one', 'pia']],
    ['emails[not (primary eq true)]', ['pia']],
    ['emails[primary pr]', ['one', 'pia']],
    ['emails[type eq "home" and primary pr]', []],
    ['emails.primary ne true', ['none', 'pia']],
  ])('is not primary to %s', async (filter, names) => {
    await service.create('/Users', { userName: 'pia', emails: [work, home] });
    await service.create('/Users', { userName: 'one', emails: [work] });
    await service.create('/Users', { userName: 'none' });

    const found = resourcesOf(await service.get(`/Users?filter=${filter}`));

    expect(found.map(({ userName }) => userName).sort()).toEqual(names);
  });

  const emailsAfter = async (...Operations: JsonValue[]) => {
    const id = await service.create('/Users', { userName: 'pia', emails: [work, home] });
    const { status, body } = await service.send('PATCH', `/Users/${id}`, { Operations });
    return status === 200 ? (await service.get(`/Users/${id}`)).emails : body?.scimType;
  };

  test.each([
    ['replace', 'emails[primary eq false].display', 'Home', [work, { ...home, display: 'Home' }]],
    ['add', 'emails[primary ne true].display', 'Home', [work, { ...home, display: 'Home' }]],
    [
      'replace',
      'emails[primary eq "false"].value',
      'new@x.example',
      [work, { ...home, value: 'new@x.example' }],
    ],
    ['remove', 'emails[primary eq false]', undefined, [work]],
    ['remove', 'emails', [{ type: 'home', primary: false }], [work]],
  ])('is selected as such by a PATCH: %s %s', async (op, path, value, emails) => {
    expect(await emailsAfter({ op, path, ...(value !== undefined && { value }) })).toEqual(emails);
  });

  test('is not made by a PATCH of those that are not primary', async () => {
    const operation = { op: 'replace', path: 'emails[primary eq false].display', value: 'x' };
    expect(await emailsAfter({ op: 'remove', path: 'emails[type eq "home"]' }, operation)).toBe('noTarget');
  });

  test('is the same address as one that says false', async () => {
    const address = { type: 'work', locality: 'Oslo' };
    const id = await service.create('/Users', { userName: 'address', addresses: [address] });
    const add = { op: 'add', path: 'addresses', value: [{ ...address, primary: false }] };
    await service.send('PATCH', `/Users/${id}`, { Operations: [add] });
    expect((await service.get(`/Users/${id}`)).addresses).toEqual([{ ...address, primary: false }]);
  });
});
