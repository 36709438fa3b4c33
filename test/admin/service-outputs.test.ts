import { outputsOfService } from '../../src/admin/service-outputs';

const outputs = (...services: string[]) =>
  new Map(
    services.flatMap((id): [string, string][] => [
      [`${id}ScimBaseUrl`, `URL of ${id}`],
      [`${id}TableName`, `table of ${id}`],
    ]),
  );

test('a stack of its own is named by the stack', () => {
  expect(outputsOfService('Scim', outputs('')).get('TableName')).toBe('table of ');
});

test('the one service of a company’s stack is found, beside the company’s own outputs', () => {
  const all = new Map([...outputs('Scim'), ['TableName', 'of the company'], ['OwnRestApiId', 'x']]);

  expect(outputsOfService('Platform', all).get('TableName')).toBe('table of Scim');
  expect(outputsOfService('Platform/Scim', all).get('ScimBaseUrl')).toBe('URL of Scim');
});

test('of several services one is named behind a slash', () => {
  const all = outputs('Scim', 'Staging');

  expect(outputsOfService('Platform/Staging', all).get('TableName')).toBe('table of Staging');
  for (const target of ['Platform', 'Platform/Stagin']) {
    expect(() => outputsOfService(target, all)).toThrow(
      `"${target}" names none of the services in the stack "Platform"; Platform/Scim, Platform/Staging is accepted.`,
    );
  }
});

test('another stack has none', () => {
  expect(() => outputsOfService('Other', new Map([['Url', 'x']]))).toThrow('is it a stack of this service?');
});
