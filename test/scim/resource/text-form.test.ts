import { ScimError } from '../../../src/scim/errors';
import type { JsonObject } from '../../../src/scim/json';
import { applyPatch } from '../../../src/scim/patch/apply';
import type { PatchOperation } from '../../../src/scim/patch/request';
import { readResource } from '../../../src/scim/resource/read';
import { checkTextForm } from '../../../src/scim/resource/text-form';
import { USER } from '../../../testing/registry';

function faultOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ScimError && error.errorName === 'invalidValue') return error.detail;
    throw error;
  }
  return undefined;
}
const user = (more: JsonObject) => faultOf(() => readResource(USER, { userName: 'ann', ...more }));

describe('an identifier', () => {
  test('has no character that shows nothing: not one of those that Unicode calls ignorable, and not U+2800', () => {
    const accepted: string[] = [];
    const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;
    let tried = 0;
    for (let code = 0; code < 0x110000; code++) {
      const character = String.fromCodePoint(code);
      if (!ignorable.test(character)) continue;
      tried++;
      const fault = faultOf(() => checkTextForm('identifier', `ann${character}smith`, 'userName'));
      if (fault === undefined) accepted.push(code.toString(16));
    }
    expect(tried).toBeGreaterThan(4_186);
    expect(accepted).toEqual([]);
  });

  test.each([
    'ann.smith@example.com',
    'Ann Smith',
    'ışık@example.com',
    '李雷',
    'Ａｎｎ　Ｓｍｉｔｈ',
    'नमस्ते',
    'user😀',
  ])('may be %s', (userName) => {
    expect(user({ userName })).toBeUndefined();
  });

  test.each([
    'ann\u00a0smith',
    'ann\u2003smith',
    'ann\ufe0f',
    'an\u200dn',
    '\u2800',
    '\u3164',
    'ann\ufff9',
    'ann\ufdd0',
    ' ann',
  ])('may not be %j, and the refusal names the attribute', (userName) => {
    expect(user({ userName })).toContain('"userName"');
  });
});

describe('text of one line', () => {
  test.each<[string, JsonObject]>([
    ['emails[0].value', { emails: [{ value: 'ann@example.com\r\nBcc: eve@example.com' }] }],
    ['emails[0].type', { emails: [{ value: 'a@example.com', type: 'wo\nrk' }] }],
    ['displayName', { displayName: '\u001b[2J' }],
    ['name.givenName', { name: { givenName: 'Ann\u0085' } }],
    ['externalId', { externalId: 'a\tb' }],
    ['profileUrl', { profileUrl: 'https://example.com/\u2028' }],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
      { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'a\u007fb' } },
    ],
  ])('has no control character: %s', (path, more) => {
    expect(user(more)).toContain(path);
  });

  test('is checked in a PATCH, too', () => {
    const operation: PatchOperation = { index: 0, op: 'add', path: 'emails', value: [{ value: 'a@b.c\nx' }] };

    expect(faultOf(() => applyPatch(USER, { userName: 'ann' }, [operation]))).toContain('emails');
  });

  test('may join and part letters invisibly, as Persian and emoji do', () => {
    expect(user({ displayName: 'می\u200cخواهم 👩\u200d💻 ❤\ufe0f' })).toBeUndefined();
  });
});

describe('text of several lines', () => {
  test('is an address, and what means something to the app alone', () => {
    const addresses = [{ type: 'work', streetAddress: '1 Main St\r\nSuite 2', formatted: 'a\nb\tc' }];

    expect(user({ addresses, roles: [{ value: '{\n  "id": "1"\n}' }] })).toBeUndefined();
    expect(user({ addresses: [{ type: 'work', streetAddress: 'a\u001b[2Jb' }] })).toContain('streetAddress');
    expect(user({ addresses: [{ type: 'work', locality: 'a\nb' }] })).toContain('locality');
  });
});
