import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import fc from 'fast-check';
import { main } from '../../cli/main';
import { CsvFault, CsvParser, csvLine, valueOfCell } from '../../src/admin/csv';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { COLUMNS } from '../../src/admin/import/columns';
import {
  type FileFormat,
  type ImportInput,
  type ImportProblem,
  importAccounts,
} from '../../src/admin/import/import';
import { importText } from '../../src/admin/import/import-text';
import { readRows } from '../../src/admin/import/read-rows';
import { Throttled, Unavailable } from '../../src/directory/errors';
import { createGroup } from '../../src/directory/groups/groups';
import { countResources } from '../../src/directory/resources/counters';
import type { ItemKey } from '../../src/directory/table/keys';
import { roleMappingKey } from '../../src/directory/table/value-keys';
import { findUserByAppId } from '../../src/directory/users/app-id';
import { createUser, deleteUser, getUser } from '../../src/directory/users/users';
import { entryOf } from '../../src/events/log/entry-of';
import { createRegistry } from '../../src/scim/schema/registry';
import { userAttributes } from '../../testing/directory';
import { resourcesOf, serviceOf } from '../../testing/service';
import { findingsIn, newWorld, type World, worldOf } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';

let world: World;
let deployment: Deployment;
beforeEach(async () => {
  world = await newWorld();
  deployment = deploymentOn(world);
});

const deploymentOn = ({ table }: World): Deployment => ({
  ...tableDeployment('http://memory.invalid', 'memory', 'grace'),
  table,
});

async function* inPieces(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function imported(text: string, more: Partial<ImportInput> & { on?: Deployment } = {}) {
  const problems: ImportProblem[] = [];
  const { on = deployment, ...input } = more;
  const result = await importAccounts(on, {
    tenantId: world.tenant,
    open: () => inPieces(text),
    format: 'csv',
    apply: true,
    onProblem: (problem) => problems.push(problem),
    ...input,
  });
  return { ...result, problems };
}

const idOf = (n: number) => `${n.toString(16).padStart(5, '0')}223-7f76-453a-919d-413861904646`;

const keysIn = ({ TransactItems: items }: Record<string, unknown>): string[] =>
  (items as Record<string, { Item?: ItemKey; Key?: ItemKey }>[]).flatMap((item) =>
    Object.values(item).map(({ Item, Key }) => `${(Item ?? Key)?.pk} ${(Item ?? Key)?.sk}`),
  );

async function rowsIn(text: string | Uint8Array, format: FileFormat = 'csv') {
  const rows: unknown[] = [];
  for await (const row of readRows(inPieces(text), format, createRegistry())) rows.push(row);
  return rows;
}

const userNamed = async (userName: string) =>
  resourcesOf(await serviceOf(world.directory).get(`/Users?filter=userName eq "${userName}"`))[0];

describe('CSV', () => {
  const cellsIn = (text: string, sizes: readonly number[] = [3]) => {
    const parser = new CsvParser();
    const records = [];
    for (let start = 0, n = 0; start < text.length; n++) {
      const size = sizes[n % sizes.length] ?? 1;
      records.push(...parser.push(text.slice(start, start + size)));
      start += size;
    }
    return [...records, ...parser.end()];
  };
  const textsIn = (text: string, sizes?: readonly number[]) =>
    cellsIn(text, sizes).map(({ cells }) => cells.map((cell) => cell.text));

  test('that is printed is read as it was, whatever the values and the pieces', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom('', '"', ',', ';', '\t', '\r\n', '\n', "'=x", '=1+1', '+49', "''", ' a ', '\r'),
    );
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        (rows, end, sizes) => {
          // The heading decides on the separator, as that of an export does.
          const heading = rows[0]?.map((_, column) => `c${column}`) ?? [];
          const text = [heading, ...rows].map((row) => `${csvLine(row)}${end}`).join('');
          expect(textsIn(text, sizes).map((row) => row.map(valueOfCell))).toEqual([heading, ...rows]);
        },
      ),
    );
  });

  test('may be separated by commas, semicolons or tabs, as the heading has it', () => {
    expect(textsIn('a;b\n1,5;2')).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
    expect(textsIn('a\tb\n1;5\t2')).toEqual([
      ['a', 'b'],
      ['1;5', '2'],
    ]);
    expect(textsIn('a\nx@example.com')).toEqual([['a'], ['x@example.com']]);
  });

  test('tells where each cell begins, behind line breaks in quotes, too', () => {
    expect(cellsIn('a,b\r\n"x\r\ny",z\r\n\r\n1,2')).toEqual([
      {
        line: 1,
        cells: [
          { text: 'a', line: 1, column: 1 },
          { text: 'b', line: 1, column: 3 },
        ],
      },
      {
        line: 2,
        cells: [
          { text: 'x\r\ny', line: 2, column: 1 },
          { text: 'z', line: 3, column: 4 },
        ],
      },
      {
        line: 5,
        cells: [
          { text: '1', line: 5, column: 1 },
          { text: '2', line: 5, column: 3 },
        ],
      },
    ]);
  });

  test.each([
    ['a quote within a cell', 'a,b\n1,2"3', 2, 4, 'within a cell'],
    ['text behind a closing quote', 'a,b\n"1"2,3', 2, 4, 'followed by more'],
    ['a quote that nobody closes', 'a,b\n1,"2\n3,4', 2, 3, 'before it is closed'],
    ['a quote that takes in what follows', `a\n"${'x'.repeat(200_001)}`, 2, 1, 'is not closed within'],
    ['a cell without end', `a\n${'x'.repeat(200_001)}`, 2, 200_001, 'longer than'],
  ])('with %s is refused with its place', (_, text, line, column, message) => {
    let fault: unknown;
    try {
      cellsIn(text, [1_000]);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(CsvFault);
    expect(fault).toMatchObject({ line, column, message: expect.stringContaining(message) });
  });
});

describe('a file', () => {
  test('names its columns in any case and in the words of others, and may begin with a byte order mark', async () => {
    const text =
      '\ufeffUSERNAME;First name;last_name;E-Mail;appid;Active;department;Manager\r\n' +
      'ann@example.com;Ann;Müller;ann@example.com;7;FALSE;R&D;26118915-6090-4610-87e4-49d8ca9f808d\r\n';

    expect(await rowsIn(text)).toEqual([
      {
        kind: 'User',
        line: 2,
        appId: '7',
        attributes: {
          userName: 'ann@example.com',
          name: { familyName: 'Müller', givenName: 'Ann' },
          active: false,
          emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
            department: 'R&D',
            manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' },
          },
        },
      },
    ]);
  });

  test('of JSON lines may hold flat objects, SCIM resources, or both', async () => {
    const lines = [
      { userName: 'ann', email: 'ann@example.com', givenName: 'Ann', appId: 7 },
      {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        id: '2819C223-7f76-453a-919d-413861904646',
        userName: 'bob',
        emails: [{ value: 'bob@example.com', type: 'home' }],
        groups: [{ value: 'ignored, since it is read only' }],
        meta: { resourceType: 'User', created: '2026-01-01T00:00:00Z' },
      },
    ];

    expect(await rowsIn(lines.map((line) => JSON.stringify(line)).join('\n\n'), 'jsonl')).toEqual([
      {
        kind: 'User',
        line: 1,
        appId: '7',
        attributes: {
          userName: 'ann',
          name: { givenName: 'Ann' },
          emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
        },
      },
      {
        kind: 'User',
        line: 3,
        id: '2819c223-7f76-453a-919d-413861904646',
        attributes: { userName: 'bob', emails: [{ value: 'bob@example.com', type: 'home' }] },
      },
    ]);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['names a column that nobody knows', 'userName,shoeSize\nann,42', '"shoeSize" (column 10)'],
    ['names a column twice', 'userName,mail,email\nann,,', 'email twice'],
    ['names no userName', 'email\nann@example.com', 'no column "userName"'],
    ['is UTF-16', Buffer.from('\ufeffuserName\nann', 'utf16le'), 'The file is UTF-16'],
    ['is Latin-1', Buffer.from('userName\nann\nM\u00fcller\n', 'latin1'), 'Line 3 is not UTF-8'],
  ])('that %s is refused as a whole', async (_, text, message) => {
    await expect(rowsIn(text)).rejects.toMatchObject({
      code: 'invalidInput',
      message: expect.stringContaining(message),
    });
  });

  test('with faults is not applied: each is told with line, column and what is accepted', async () => {
    const text = [
      'userName,active,email,id,appId',
      'ann,perhaps,,,',
      ',true,a@example.com,,',
      'bob,,,7,',
      'carl,,,,a\u200bb',
      'dora,true',
      'eve,,,,5',
      'EVE,,,,',
      'fred,,,,5',
    ].join('\n');

    const { problems, ...result } = await imported(text);

    expect(problems.map(({ line, column, name, detail }) => [line, column, name, detail])).toEqual([
      [2, 5, 'active', expect.stringContaining('true or false is accepted')],
      [3, 1, 'userName', expect.stringContaining('"userName" is required')],
      [4, 7, 'id', expect.stringContaining('belongs into "appId"')],
      [5, 9, 'appId', expect.stringContaining('visible characters')],
      [6, undefined, undefined, expect.stringContaining('2 cells, the first line 5')],
      [8, undefined, 'userName', 'Line 7 has the same userName; one of them has to go.'],
      [9, undefined, 'appId', 'Line 7 has the same appId; one of them has to go.'],
    ]);
    expect(result).toMatchObject({ applied: false, rows: 8, faults: 7, users: { created: 0 } });
    expect((await countResources(world.directory, 'User')).total).toBe(0);
  });

  test('of JSON lines with faults says so without telling what the line holds', async () => {
    const text = [
      '{"userName": "ann", }',
      '["ann"]',
      '{"userName": "ann", "shoeSize": 42}',
      '{"meta": {"resourceType": "Device"}, "userName": "x"}',
      '{"meta": {"resourceType": "Membership"}, "members": []}',
      '{"userName": "ann", "active": "perhaps"}',
    ].join('\n');

    const { problems } = await imported(text, { format: 'jsonl' });

    expect(problems.map(({ line, detail }) => [line, detail.slice(0, 45)])).toEqual([
      [1, 'The line is not a JSON object; each line of t'],
      [2, 'The line is not a JSON object; each line of t'],
      [3, 'Nobody knows "shoeSize". Accepted are the att'],
      [4, '"meta.resourceType" is "Device"; User, Group,'],
      [5, '"groupId" is missing; the id of the group is '],
      [6, '"active" is a string of another form; true or'],
    ]);
  });
});

test('docs/import-export.md lists the columns with their other names', () => {
  const page = readFileSync(join(__dirname, '../../docs/import-export.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) ?\| /gm)].map(([, name, also = '']) => ({
    name,
    aliases: [...also.matchAll(/`([^`]+)`/g)].map(([, alias]) => alias),
  }));

  expect(rows).toEqual(COLUMNS.map(({ name, aliases = [] }) => ({ name, aliases })));
});

describe('an import', () => {
  const ACCOUNTS = [
    'userName,appId,email,givenName',
    'ann@example.com,1,ann@example.com,Ann',
    'bob@example.com,2,bob@example.com,Bob',
  ].join('\n');

  test('without --apply writes nothing, and says what it would', async () => {
    await createUser(world.directory, userAttributes('bob@example.com'));
    const before = world.store.all();

    expect(await imported(ACCOUNTS, { apply: false })).toMatchObject({
      applied: false,
      users: { created: 1, linked: 1, existing: 0 },
      problems: [],
    });
    expect(world.store.all()).toEqual(before);
  });

  test('makes users as a POST does: found by every look-up, counted, guarded, in the log of an administrator', async () => {
    const changes = streamOf(world.store);

    expect(await imported(ACCOUNTS)).toMatchObject({ applied: true, users: { created: 2 }, conflicts: 0 });

    expect(await userNamed('ANN@example.com')).toMatchObject({ active: true, name: { givenName: 'Ann' } });
    expect((await findUserByAppId(world.directory, '2'))?.attributes.userName).toBe('bob@example.com');
    expect((await countResources(world.directory, 'User')).total).toBe(2);
    expect(await findingsIn(world)).toEqual([]);
    const entries = changes
      .map(entryOf)
      .flatMap((entry) => (entry === undefined ? [] : [entry.put({ logDays: 90 }).item]));
    expect(entries).toHaveLength(2);
    for (const entry of entries) expect(entry).toMatchObject({ type: 'user.created', actor: 'admin:grace' });
  });

  test('again changes nothing', async () => {
    await imported(ACCOUNTS);
    const before = world.store.all();

    expect(await imported(ACCOUNTS)).toMatchObject({
      users: { created: 0, linked: 0, existing: 2 },
      conflicts: 0,
    });
    expect(world.store.all()).toEqual(before);
  });

  test('gives users who are there their appId and nothing else: the rest is the identity provider’s', async () => {
    const ann = await createUser(world.directory, userAttributes('Ann@example.com'));

    expect(await imported(ACCOUNTS)).toMatchObject({ users: { created: 1, linked: 1, existing: 0 } });

    expect(await getUser(world.directory, ann.id)).toEqual({ ...ann, appId: '1' });
  });

  test('finds whoever the identity provider has renamed by the externalId', async () => {
    const ann = await createUser(world.directory, userAttributes('new@example.com', { externalId: 'x-1' }));

    const result = await imported('userName,externalId,appId\nold@example.com,x-1,1');

    expect(result).toMatchObject({ users: { created: 0, linked: 1 } });
    expect((await findUserByAppId(world.directory, '1'))?.id).toBe(ann.id);
  });

  test('leaves out what contradicts what is there, and imports the rest', async () => {
    const { directory } = world;
    const ann = await createUser(directory, userAttributes('ann', { externalId: 'x-ann' }));
    const bob = await createUser(directory, userAttributes('bob', { externalId: 'x-bob' }), undefined, 'b');
    const twins = ['t1', 't2'].map((name) =>
      createUser(directory, userAttributes(name, { externalId: 'twin' })),
    );
    await Promise.all(twins);
    const gone = await createUser(directory, userAttributes('gone'));
    await deleteUser(directory, gone.id);
    const other = '2819c223-7f76-453a-919d-413861904646';
    const text = [
      'id,userName,externalId,appId',
      ',ann,x-other,1',
      ',ann2,x-bob,2',
      ',carl,,b',
      ',t3,twin,3',
      `${gone.id},gone,,4`,
      `${ann.id},anna,,5`,
      `${other},bob,,6`,
      ',fine,,8',
    ].join('\n');

    const { problems, ...result } = await imported(text);

    expect(problems.map(({ line, kind, detail }) => `${line} ${kind}: ${detail}`)).toEqual(
      expect.arrayContaining([
        `2 conflict: The user ${ann.id} with the userName has another externalId.`,
        `3 conflict: The user ${bob.id} has another appId.`,
        `4 conflict: Another user has the appId: ${bob.id}.`,
        expect.stringContaining('5 conflict: Several users have the externalId'),
        `6 conflict: The user ${gone.id} was deleted here; "user restore" gives them back, the import does not.`,
        `7 conflict: The user ${ann.id} is there under another userName.`,
        `8 conflict: The user is there under another id, ${bob.id}; the file names ${other}.`,
      ]),
    );
    expect(result).toMatchObject({ applied: true, conflicts: 7, users: { created: 1 } });
    expect(await userNamed('fine')).toBeDefined();
    expect(await findingsIn(world)).toEqual([]);
  });

  test('goes on where it was broken off, and does nothing twice', async () => {
    const text = ['userName,appId', ...Array.from({ length: 95 }, (_, n) => `user${n},${n}`)].join('\n');
    let transactions = 0;
    const mortal = worldOf(world.store, world.clock, async ({ command }, answer) => {
      if (command === 'TransactWrite' && ++transactions > 2) throw new Error('killed');
      return answer();
    });
    await expect(imported(text, { on: deploymentOn(mortal) })).rejects.toThrow('killed');
    const { total } = await countResources(world.directory, 'User');
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(95);

    expect(await imported(text)).toMatchObject({
      users: { created: 95 - total, existing: total },
      conflicts: 0,
    });

    expect((await countResources(world.directory, 'User')).total).toBe(95);
    expect(await findingsIn(world)).toEqual([]);
  });

  test.each([
    ['of the app’s own accounts', (n: number) => [``, `user${n}`], 8],
    ['of an export, whose ids are in order', (n: number) => [idOf(0x2a000 + n), `user${n}`], 1],
    [
      'of an export that was sorted by name',
      (n: number) => [idOf((n * 0x1_3779) % 0x10_0000), `user${n}`],
      8,
    ],
  ])('many %s share a transaction, and no item is written by two at once', async (_, cellsOf, mostAtOnce) => {
    const rows = Array.from({ length: 500 }, (_, n) => `${cellsOf(n).join(',')},${n}`);
    const underWay = new Set<string>();
    let [transactions, atOnce, most] = [0, 0, 0];
    const watched = worldOf(world.store, world.clock, async ({ command, input }, answer) => {
      if (command !== 'TransactWrite') return answer();
      const keys = keysIn(input);
      // DynamoDB would refuse this one (TransactionConflict), and charge it.
      expect(keys.filter((key) => underWay.has(key))).toEqual([]);
      for (const key of keys) underWay.add(key);
      most = Math.max(most, ++atOnce);
      transactions++;
      await immediate();
      for (const key of keys) underWay.delete(key);
      atOnce--;
      return answer();
    });

    const result = await imported(['id,userName,appId', ...rows].join('\n'), { on: deploymentOn(watched) });

    expect(result).toMatchObject({ users: { created: 500 }, conflicts: 0 });
    // Of four or five writes each, besides the counter.
    expect(transactions).toBeLessThan(500 / 15);
    expect(most).toBe(mostAtOnce);
    expect(await findingsIn(world)).toEqual([]);
  });

  test('counts those as created whose creation was carried out without anybody hearing of it', async () => {
    let isDeaf = true;
    const deaf = worldOf(world.store, world.clock, async ({ command }, answer) => {
      const answered = answer();
      if (command !== 'TransactWrite' || !isDeaf) return answered;
      isDeaf = false;
      throw new Unavailable('The directory is not reachable at the moment.', 0);
    });

    expect(await imported(ACCOUNTS, { on: deploymentOn(deaf) })).toMatchObject({
      users: { created: 2, existing: 0 },
      conflicts: 0,
    });
    expect((await countResources(world.directory, 'User')).total).toBe(2);
    expect(await findingsIn(world)).toEqual([]);
  });

  test('creates the others of a lot when somebody is faster with one of them', async () => {
    const text = ['userName,appId', ...Array.from({ length: 9 }, (_, n) => `user${n},${n}`)].join('\n');
    let isTaken = false;
    let transactions = 0;
    const slow = worldOf(world.store, world.clock, async ({ command }, answer) => {
      if (command === 'TransactWrite') transactions++;
      if (command === 'TransactWrite' && !isTaken) {
        isTaken = true;
        await createUser(world.directory, { userName: 'user3' });
        await createUser(world.directory, { userName: 'stranger' }, undefined, '5');
      }
      return answer();
    });

    const { problems, ...result } = await imported(text, { on: deploymentOn(slow) });

    expect(result).toMatchObject({ users: { created: 7, linked: 1 }, conflicts: 1 });
    expect(problems).toMatchObject([{ line: 7, detail: expect.stringContaining('has the appId') }]);
    // All, the two in whose way something stands, the other seven, and the appId of the one who came meanwhile.
    expect(transactions).toBe(5);
    expect((await findUserByAppId(world.directory, '3'))?.attributes.userName).toBe('user3');
    expect(await findingsIn(world)).toEqual([]);
  });

  test('keeps ids, groups, members and groups in groups of JSON lines; unknown members are told', async () => {
    const [ann, inner, outer, nobody] = [1, 2, 3, 4].map((n) => `2819c223-7f76-453a-919d-41386190464${n}`);
    const lines = [
      { id: ann, userName: 'ann' },
      { meta: { resourceType: 'Group' }, id: inner, displayName: 'Inner', externalId: 'g-1' },
      { meta: { resourceType: 'Group' }, id: outer, displayName: 'Outer', members: [{ value: inner }] },
      { meta: { resourceType: 'Membership' }, groupId: inner, members: [{ value: ann }, { value: nobody }] },
      { meta: { resourceType: 'Membership' }, groupId: nobody, members: [{ value: ann }] },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');

    const foreseen = await imported(text, { format: 'jsonl', apply: false });
    const { problems, ...result } = await imported(text, { format: 'jsonl' });

    expect(foreseen).toEqual({ ...result, applied: false, problems });
    expect(result).toMatchObject({
      users: { created: 1 },
      groups: { created: 2 },
      members: { named: 4, added: 2, existing: 0 },
      leftOut: 1,
      conflicts: 1,
    });
    expect(problems.sort((one, other) => one.line - other.line)).toMatchObject([
      { line: 4, kind: 'leftOut', detail: expect.stringContaining(String(nobody)) },
      { line: 5, kind: 'conflict', detail: `There is no group ${nobody}.` },
    ]);
    const { groups } = await serviceOf(world.directory).get(`/Users/${ann}`);
    expect(groups).toMatchObject([
      { value: inner, type: 'direct' },
      { value: outer, type: 'indirect' },
    ]);
    const before = world.store.all();
    expect(await imported(text, { format: 'jsonl' })).toMatchObject({
      groups: { created: 0, existing: 2 },
      members: { added: 0, existing: 2 },
    });
    expect(world.store.all()).toEqual(before);
  });

  test('has room for 500 role mappings, foreseen or applied: the next is a conflict that says what to do', async () => {
    const mapping = { by: 'displayName', roles: ['r'] };
    for (let n = 0; n < 499; n++) {
      const item = { ...roleMappingKey(world.tenant, 'displayName', `g${n}`), ...mapping, group: `g${n}` };
      await world.table.write({ kind: 'put', item });
    }
    const lines = ['Sales', 'IT'].map((group) => ({
      meta: { resourceType: 'RoleMapping' },
      ...mapping,
      group,
    }));
    const text = lines.map((line) => JSON.stringify(line)).join('\n');

    for (const apply of [false, true]) {
      const { roles, problems } = await imported(text, { format: 'jsonl', apply });
      expect(roles).toEqual({ created: 1, existing: 0 });
      expect(problems).toMatchObject([
        { kind: 'conflict', detail: expect.stringMatching(/at most 500 .* Take/) },
      ]);
    }
  });

  test('takes a group of the same displayName for the one of a file without ids', async () => {
    const { id } = await createGroup(world.directory, { displayName: 'Sales' }, []);
    const line = { meta: { resourceType: 'Group' }, displayName: 'SALES' };

    expect(await imported(JSON.stringify(line), { format: 'jsonl' })).toMatchObject({
      groups: { existing: 1 },
    });
    const kept = { ...line, id: '2819c223-7f76-453a-919d-413861904646' };
    const { problems } = await imported(JSON.stringify(kept), { format: 'jsonl' });
    expect(problems).toMatchObject([{ kind: 'conflict', detail: expect.stringContaining(id) }]);
  });
});

test('a part of a file that is sent as text is imported, and tells its problems itself', async () => {
  const content = 'userName,active\nann,true\nbob,perhaps';
  const input = { tenantId: 'acme', format: 'csv', apply: true } as const;

  expect(await importText(deployment, { ...input, content })).toMatchObject({
    applied: false,
    problems: [{ line: 3, name: 'active' }],
  });
  expect(
    await importText(deployment, { ...input, content: content.replace('perhaps', 'false') }),
  ).toMatchObject({
    applied: true,
    users: { created: 2 },
    problems: [],
  });
});

test('whoever is not patient is told that DynamoDB takes no more', async () => {
  const throttled = new Throttled('Too many requests.', 1);
  const busy = worldOf(world.store, world.clock, async ({ command }, answer) => {
    if (command === 'TransactWrite') throw throttled;
    return answer();
  });
  const input = { tenantId: 'acme', format: 'csv', apply: true, content: 'userName\nann' } as const;

  await expect(importText(deploymentOn(busy), input)).rejects.toBe(throttled);
});

describe('the identity provider', () => {
  const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
  beforeEach(async () => {
    await imported('userName,appId,displayName\nAnn@example.com,account-7,Ann of the app');
  });

  test('of Entra ID finds the account by userName, and takes it over by a PATCH', async () => {
    const { get, send } = serviceOf(world.directory);
    const [found] = resourcesOf(await get('/Users?filter=userName eq "ann@example.com"'));
    const Operations = [
      { op: 'Add', path: 'externalId', value: '58342554-38d6-4ec8-948c-50044d0a33fd' },
      { op: 'Replace', path: 'displayName', value: 'Ann Miller' },
    ];

    expect((await send('PATCH', `/Users/${found?.id}`, { schemas: [PATCH], Operations })).status).toBe(200);

    const adopted = resourcesOf(
      await get('/Users?filter=externalId eq "58342554-38d6-4ec8-948c-50044d0a33fd"'),
    );
    expect(adopted).toMatchObject([{ id: found?.id, displayName: 'Ann Miller' }]);
    expect((await findUserByAppId(world.directory, 'account-7'))?.id).toBe(found?.id);
  });

  test('of Okta finds the account by userName, and takes it over by a PUT', async () => {
    const { get, send } = serviceOf(world.directory);
    const [found] = resourcesOf(
      await get('/Users?filter=userName eq "ann@example.com"&startIndex=1&count=100'),
    );
    const body = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: String(found?.id),
      userName: 'ann@example.com',
      externalId: '00ujl29u0le5T6Aj10h7',
      name: { givenName: 'Ann', familyName: 'Miller' },
      emails: [{ primary: true, value: 'ann@example.com', type: 'work' }],
      active: true,
    };

    expect((await send('PUT', `/Users/${found?.id}`, body)).status).toBe(200);

    const user = await findUserByAppId(world.directory, 'account-7');
    expect(user).toMatchObject({ id: found?.id, attributes: { externalId: '00ujl29u0le5T6Aj10h7' } });
    // Whoever imports the file once more overwrites nothing of it.
    expect(
      await imported('userName,appId,displayName\nAnn@example.com,account-7,Ann of the app'),
    ).toMatchObject({
      users: { existing: 1 },
    });
    expect((await findUserByAppId(world.directory, 'account-7'))?.version).toBe(2);
  });
});

describe('npm run admin -- import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(file: string, content: string, ...options: string[]) {
    const path = join(folder, file);
    writeFileSync(path, content);
    return admin(path, ...options);
  }
  async function admin(path: string, ...options: string[]) {
    const out: string[] = [];
    const error: string[] = [];
    const code = await main(['import', 'acme', path, ...options], {
      out: (text) => out.push(text),
      error: (text) => error.push(text),
      findTarget: async () => deployment,
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  test('says what it would do, does it, and what is there already', async () => {
    const text = 'userName,appId\nann,1\nbob,2\n';

    expect(await run('a.csv', text)).toEqual({
      code: 0,
      error: '',
      out: 'Users: 2 would be created, 0 would be given their appId, 0 there already.\nNothing was written: repeat the command with --apply.',
    });
    expect((await run('a.csv', text, '--apply')).out).toBe(
      'Users: 2 created, 0 given their appId, 0 there already.',
    );
    const { code, out } = await run('a.csv', text, '--apply', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ users: { created: 0, existing: 2, linked: 0 } }),
    ]);
  });

  test('prints the first problems, reports all of them, and exits with 1', async () => {
    const text = ['userName,active', ...Array.from({ length: 25 }, (_, n) => `user${n},perhaps`)].join('\n');
    const report = join(folder, 'report.csv');

    const { code, out } = await run('b.txt', text, '--apply', '--report', report);

    expect(code).toBe(1);
    expect(out.split('\n')[0]).toMatch(/^line 2, column 7, active: fault: "active" is/);
    expect(out.split('\n').slice(20)).toEqual([
      '… and 5 more.',
      '25 rows, 25 with faults. Nothing was written; mend the file and repeat the command.',
    ]);
    const lines = readFileSync(report, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(26);
    expect(lines[0]).toBe('line,column,name,kind,detail');
  });

  test('knows the attributes of extensions that --extensions names', async () => {
    const line = JSON.stringify({
      userName: 'ann',
      'urn:example:params:scim:schemas:extension:badge:2.0:User': {},
    });
    expect((await run('c.jsonl', line)).out).toContain('Nobody knows "urn:example:');
    const extensions = join(__dirname, '../../examples/extensions');
    expect((await run('c.jsonl', line, '--extensions', extensions)).code).toBe(0);
  });

  test.each([
    ['missing.csv', [], 'There is no file'],
    ['d.xlsx', [], '--format csv or --format jsonl'],
    ['d.xlsx', ['--format', 'xml'], '--format is csv or jsonl'],
    ['d.xlsx', ['--format', 'csv', '--extensions', 'nowhere'], 'There is no folder'],
  ])('%s with %j is a wrong command line', async (file, options, message) => {
    if (file !== 'missing.csv') writeFileSync(join(folder, file), 'userName\nann');
    const { code, error } = await admin(join(folder, file), ...options);
    expect([code, error]).toEqual([2, expect.stringContaining(message)]);
  });
});
