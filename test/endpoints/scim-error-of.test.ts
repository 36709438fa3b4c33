import * as errors from '../../src/directory/errors';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import { ScimError } from '../../src/scim/errors';

const EXAMPLES = {
  Throttled: new errors.Throttled('Too many requests.', 3),
  Unavailable: new errors.Unavailable('Not reachable.', 4),
  ItemTooLarge: new errors.ItemTooLarge(),
  InvalidValue: new errors.InvalidValue('Not a label.'),
  NotFound: new errors.NotFound('There is no user.'),
  Conflict: new errors.Conflict('There is one.'),
  UniquenessConflict: new errors.UniquenessConflict('userName', 'Ann "A"'),
  NotRestorable: new errors.NotRestorable('name-taken', 'The userName is taken.'),
  ProtectedUser: new errors.ProtectedUser('acme', '2819c223-7f76-453a-919d-413861904646', 'deactivation'),
  PreconditionFailed: new errors.PreconditionFailed(3),
  TooMany: new errors.TooMany('resources held', 'The resources are too large.'),
  TooManyScans: new errors.TooManyScans('acme', 4, 5),
} as const;

describe('an error of the directory', () => {
  test('of every class that an application may import has an example here', () => {
    const classes = Object.keys(errors).filter((name) => name !== 'DirectoryError');
    expect(classes.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  test.each([
    ['Throttled', 'throttled', 429, undefined, 'Too many requests.'],
    [
      'TooManyScans',
      'throttled',
      429,
      undefined,
      'No index answers this request, so that it has to look through what the tenant has, and 4 such requests',
    ],
    ['Unavailable', 'unavailable', 503, undefined, 'Not reachable.'],
    [
      'ItemTooLarge',
      'item-too-large',
      413,
      undefined,
      'The resource is larger than the 400 kB that one resource',
    ],
    ['InvalidValue', 'invalid-value', 400, 'invalidValue', 'Not a label.'],
    ['NotFound', 'not-found', 404, undefined, 'There is no user.'],
    ['Conflict', 'conflict', 409, undefined, 'There is one.'],
    ['NotRestorable', 'not-restorable', 409, undefined, 'The userName is taken.'],
    [
      'ProtectedUser',
      'protected',
      403,
      undefined,
      'This user is protected by the provider of this application and cannot be deactivated: "active" stays true.',
    ],
    [
      'UniquenessConflict',
      'uniqueness',
      409,
      'uniqueness',
      'Another user has the userName "Ann \\"A\\"" (upper and lower case are not told apart). Find it with filter=userName eq "Ann \\"A\\"".',
    ],
    [
      'PreconditionFailed',
      'precondition-failed',
      412,
      undefined,
      'The resource is at version W/"3", which the request\'s If-Match or If-None-Match does not allow.',
    ],
    [
      'TooMany',
      'too-many',
      400,
      'tooMany',
      'The resources are too large. Ask for fewer of them with a smaller count',
    ],
  ] as const)('%s (%s) is %d %s to a SCIM client', (name, code, status, scimType, detail) => {
    const error = EXAMPLES[name];

    const answer = scimErrorOf(error);

    expect(error).toMatchObject({ name, code });
    expect(error).not.toHaveProperty('status');
    expect(answer).toMatchObject({ status, scimType, detail: expect.stringContaining(detail) });
  });

  test('that passes tells when to come back', () => {
    expect(scimErrorOf(EXAMPLES.Throttled)?.retryAfterSeconds).toBe(3);
    expect(scimErrorOf(EXAMPLES.Unavailable)?.retryAfterSeconds).toBe(4);
    expect(scimErrorOf(EXAMPLES.TooManyScans)?.retryAfterSeconds).toBe(5);
  });
});

test('what the protocol refuses passes through, and a fault of the service is no SCIM error', () => {
  const refused = new ScimError('noTarget', 'There is no such value.');

  expect(scimErrorOf(refused)).toBe(refused);
  expect(scimErrorOf(new TypeError('x'))).toBeUndefined();
});
