import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guideFiles } from '../../build/guides/files';
import { drawForm } from '../../build/guides/picture';
import { main } from '../../cli/main';
import {
  GUIDES,
  type Guide,
  type Method,
  parseText,
  SERVICE_LIMITS,
  TAKEN_VALUES,
  VALUES,
} from '../../console/guides';
import { ONELOGIN_TEMPLATE } from '../../console/guides/onelogin/template';
import { DEFAULT_SETTINGS } from '../../lib/settings';
import { newClientSecretText, newTokenText } from '../../src/directory/tenants/token-format';
import { ROUTES } from '../../src/endpoints/routes';
import { CAPABILITIES } from '../../src/scim/discovery/capabilities';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/scim/json';
import { MAX_MEMBER_VALUES } from '../../src/scim/patch/members';
import { resolveTarget } from '../../src/scim/patch/target';
import { directoryOf } from '../../testing/directory';
import { startTestTable, type TestTable } from '../../testing/engine';
import { GROUP, USER } from '../../testing/registry';
import { BASE_URL, type Service, serviceOf } from '../../testing/service';

/*
 * The guides of the identity providers (console/guides/): well formed, true of the service, and docs/setup/ made of
 * them.
 */

const FOLDER = join(__dirname, '../../docs/setup');

describe('docs/setup/', () => {
  const written = guideFiles();

  test('is what the guides say; npm run docs:guides writes it', () => {
    const present = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1));

    expect(present.sort()).toEqual([...written.keys()].sort());
    for (const [name, content] of written) expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(content);
  });

  test('has commands that exist, with options that they take', async () => {
    const commands = new Set(
      [...written.values()].flatMap((content) => content.match(/(?<=^npm run admin -- ).+$/gm) ?? []),
    );
    expect(commands.size).toBeGreaterThan(10);
    for (const command of commands) {
      const [, group = '', verb = ''] = /^(\S+) (\S+)/.exec(command) ?? [];
      const printed: string[] = [];
      const terminal = {
        out: (text: string) => printed.push(text),
        error: (text: string) => printed.push(text),
        findTarget: () => Promise.reject(new Error('No command is run.')),
      };
      expect([command, await main([group, verb, '--help'], terminal)]).toEqual([command, 0]);
      const options = command.match(/--[a-z-]+/g) ?? [];
      const taken = `${printed.join()} --stack`;
      expect([command, options.filter((option) => !taken.includes(`${option} `))]).toEqual([command, []]);
    }
  });

  test('pictures show every label and value, in both themes, and take texts for texts', () => {
    const picture = drawForm({
      title: 'A & B',
      fields: [
        { kind: 'text', label: '<b>Address</b>', value: '{baseUrl}' },
        { kind: 'choice', label: 'Mode', value: 'HTTP "Header"' },
        { kind: 'check', label: 'Create', isOn: true },
        { kind: 'check', label: 'Sync Password', isOn: false },
        { kind: 'taken', label: 'Issuer (iss)', takes: 'issuer', example: 'https://login.example.com' },
        { kind: 'lines', label: 'Template', value: `{\n  "userName": "${'x'.repeat(200)}"\n}` },
      ],
      buttons: ['Save'],
    });

    for (const shown of ['A &amp; B', '&lt;b&gt;Address', VALUES.baseUrl.example, 'HTTP &quot;Header&quot;'])
      expect(picture).toContain(`>${shown}`);
    expect(picture).toContain('prefers-color-scheme: dark');
    expect(picture.match(/class="mark" d="M\d+ \d+l4 4l6 -8"/g)).toHaveLength(1);
    const longest = [...picture.matchAll(/class="value"[^>]*>([^<]*)</g)].map(
      ([, shown = '']) => shown.replaceAll('&quot;', '"').length,
    );
    expect(Math.max(...longest)).toBeLessThanOrEqual(76);
    expect(longest).toHaveLength(8);
  });
});

describe.each(GUIDES)('the guide of $name', (guide) => {
  test('names its parts so that a set-up can be kept', () => {
    const name = /^[a-z0-9][a-z0-9-]{0,39}$/;
    expect(guide.id).toMatch(name);
    expect(repeated(guide.methods.map(({ id }) => id))).toEqual([]);
    for (const { id, steps } of guide.methods) {
      expect(id).toMatch(name);
      for (const step of steps) expect(step.id).toMatch(name);
      expect(repeated(steps.map((step) => step.id))).toEqual([]);
    }
  });

  test('has marks that are closed, values that exist, and no other markup', () => {
    for (const text of textsOf(guide)) {
      const words = parseText(text).flatMap((part) => (part.kind === 'words' ? [part.text] : []));
      expect(words.filter((each) => /[`{}<>]|\*\*|\]\(|\s{2}|\n/.test(each))).toEqual([]);
    }
  });

  test.each(guide.methods)('$id waits for the connection, a person and, if it can, a group', ({ steps }) => {
    const awaited = steps.flatMap(({ awaits }) => (awaits === undefined ? [] : [awaits]));
    const hasGroups = guide.mappings.some(({ resourceType }) => resourceType === 'Group');
    expect(awaited).toEqual(['connection', 'user', ...(hasGroups ? ['group'] : [])]);
    expect(steps.flatMap(({ mapping }) => mapping ?? []).sort()).toEqual(
      hasGroups ? ['Group', 'User'] : ['User'],
    );
  });

  test.each(guide.methods)('$id has fields for its credential, and for no other', (method) => {
    const pasted = {
      token: ['baseUrl', 'token'],
      client: ['baseUrl', 'clientId', 'clientSecret', 'tokenUrl'],
      trust: ['baseUrl', 'clientId', 'tokenUrl'],
    };
    expect(valuesOf(method)).toEqual(pasted[method.credential]);
    expect(takenBy(method)).toEqual(method.credential === 'trust' ? Object.keys(TAKEN_VALUES) : []);
  });

  test('says whether people who leave lose access, and how to go on when the credential ends', () => {
    expect(guide.leaving.map(({ result }) => result)).toContain('deactivated');
    for (const { renewal } of guide.methods) expect(renewal.length).toBeGreaterThan(1);
    for (const { url } of guide.sources) if (url !== undefined) expect(new URL(url).protocol).toBe('https:');
  });

  test('maps nothing twice, and has what every user needs', () => {
    for (const { rows } of guide.mappings)
      expect(repeated(rows.flatMap(({ targets }) => targets))).toEqual([]);
    expect(targetsOf(guide, 'User')).toContain('userName');
  });
});

test('the values that stand in the documentation look like those of the service', () => {
  const prefix = (text: string) => text.slice(0, text.indexOf('_') + 1);

  expect(VALUES.baseUrl.example).toBe(BASE_URL);
  expect(ROUTES.map(({ path }) => path)).toContain(
    new URL(VALUES.tokenUrl.example).pathname.slice('/scim'.length),
  );
  expect(prefix(VALUES.token.example)).toBe(prefix(newTokenText()));
  expect(prefix(VALUES.clientSecret.example)).toBe(prefix(newClientSecretText()));
});

test('the limits that the guides name are those of the service', () => {
  const { defaultPageSize, maxPageSize } = CAPABILITIES.pagination;
  const { tenantRate, tenantBurst } = DEFAULT_SETTINGS;
  const limits = [defaultPageSize, maxPageSize, MAX_MEMBER_VALUES, tenantRate, tenantBurst];
  const figures = SERVICE_LIMITS.flatMap(
    ({ text }) => text.replace('answered 429', '').match(/\d[\d,]*/g) ?? [],
  );

  expect(figures).toEqual(limits.map((limit) => limit?.toLocaleString('en')));
});

describe('every attribute of a mapping', () => {
  let table: TestTable;
  let service: Service;
  let manager: string;
  beforeAll(async () => {
    table = await startTestTable();
    service = serviceOf(directoryOf(table.table));
    manager = await service.create('/Users', { schemas: [USER.schema.id], userName: 'manager@example.com' });
  });
  afterAll(() => table?.stop());

  /** Sends each target in an operation of its own, and gives what the resource is then. */
  async function provision(guide: Guide, resourceType: 'User' | 'Group'): Promise<JsonObject> {
    const [path, definition] = resourceType === 'User' ? ['/Users', USER] : ['/Groups', GROUP];
    const naming = resourceType === 'User' ? 'userName' : 'displayName';
    const id = await service.create(path, {
      schemas: [definition.schema.id],
      [naming]: `${guide.id}-before`,
    });
    for (const target of targetsOf(guide, resourceType)) {
      const value = valueFor(target, guide.id, manager);
      const { status, body } = await service.send('PATCH', `${path}/${id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Add', path: target, value }],
      });
      expect([target, status, body?.detail]).toEqual([target, status === 204 ? 204 : 200, undefined]);
    }
    return service.get(`${path}/${id}`);
  }

  test.each(GUIDES)(
    'of $name is one that the service has, is taken by PATCH, POST and PUT, and is kept',
    async (guide) => {
      for (const { resourceType } of guide.mappings) {
        const definition = resourceType === 'User' ? USER : GROUP;
        const targets = targetsOf(guide, resourceType);
        expect(targets.filter((target) => resolveTarget(definition, target)?.kind !== 'attribute')).toEqual(
          [],
        );

        const { id, meta, groups, ...kept } = await provision(guide, resourceType);
        const text = JSON.stringify(kept);
        const sent = targets
          .filter((target) => target !== 'active')
          .map((target) => valueFor(target, guide.id, manager));
        expect(sent.map(leafOf).filter((value) => !text.includes(value))).toEqual([]);
        if (targets.includes('active')) expect(kept.active).toBe(false);

        const path = resourceType === 'User' ? '/Users' : '/Groups';
        expect((await service.send('PUT', `${path}/${id}`, kept)).status).toBe(200);
        expect((await service.send('DELETE', `${path}/${id}`)).status).toBe(204);
        const again = await service.create(path, kept);
        const {
          id: newId,
          meta: newMeta,
          groups: newGroups,
          ...same
        } = await service.get(`${path}/${again}`);
        expect(same).toEqual(kept);
      }
    },
  );

  test('of OneLogin is in its template, which is taken with values and without', async () => {
    const filled = (value: string) => {
      const body: unknown = JSON.parse(ONELOGIN_TEMPLATE.replaceAll(/\{\$[\w.]+\}/g, value));
      if (!isJsonObject(body)) throw new Error('The template is no object.');
      return body;
    };
    const full = filled('ann@example.com');
    expect((await service.send('POST', '/Users', full)).status).toBe(201);
    const bare = { ...filled(''), userName: 'bare@example.com' };
    expect((await service.send('POST', '/Users', bare)).status).toBe(201);

    const guide = GUIDES.find(({ id }) => id === 'onelogin');
    const mapped = guide?.mappings[0]?.rows.filter(({ need }) => need !== 'unused') ?? [];
    const placeholders = mapped.map(({ source }) => source.replaceAll('`', ''));
    expect(placeholders.sort()).toEqual([...(ONELOGIN_TEMPLATE.match(/\{\$[\w.]+\}/g) ?? [])].sort());
  });
});

const repeated = (names: readonly string[]) =>
  names.filter((name, position) => names.indexOf(name) !== position);

const targetsOf = ({ mappings }: Guide, resourceType: 'User' | 'Group') =>
  mappings
    .filter((mapping) => mapping.resourceType === resourceType)
    .flatMap(({ rows }) => rows.flatMap(({ targets }) => targets));

const fieldsOf = ({ steps }: Method) => steps.flatMap(({ form }) => form?.fields ?? []);

function valuesOf(method: Method): string[] {
  const parts = fieldsOf(method).flatMap((field) =>
    field.kind === 'text' || field.kind === 'secret' ? parseText(field.value) : [],
  );
  return [...new Set(parts.flatMap((part) => (part.kind === 'value' ? [part.name] : [])))].sort();
}

const takenBy = (method: Method) =>
  fieldsOf(method).flatMap((field) => (field.kind === 'taken' ? [field.takes] : []));

/** Every text of a guide that is read for marks, wherever it is; fixed texts of fields and addresses aside. */
function textsOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string')
    return ['url', 'targets', 'example', 'label', 'seen'].includes(key) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((each) => textsOf(each, key));
  if (typeof value !== 'object' || value === null) return [];
  if ('kind' in value && value.kind === 'lines') return [];
  return Object.entries(value).flatMap(([name, each]) => textsOf(each, name));
}

/** What an identity provider may send for a target. */
function valueFor(target: string, guide: string, manager: string): JsonValue {
  const values: Readonly<Record<string, JsonValue>> = {
    active: 'False',
    members: [{ value: manager }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager': manager,
    userName: `${guide}@example.com`,
    displayName: `Name from ${guide}`,
    preferredLanguage: 'en-US',
    locale: 'en-GB',
    timezone: 'Europe/London',
    profileUrl: 'https://example.com/ann',
    'addresses[type eq "work"].country': 'GB',
  };
  if (target.startsWith('emails')) return 'ann@example.com';
  return values[target] ?? `Value of ${target.replaceAll(/[^a-zA-Z]+/g, ' ')}`;
}

const leafOf = (value: JsonValue): string => {
  if (typeof value === 'string') return value;
  return JSON.stringify(value).match(/"value":"([^"]+)"/)?.[1] ?? '';
};
