import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalStack, readCloudAssembly } from '../../../local/assembly/cloud-assembly';
import { Firewall, readFirewall } from '../../../local/gateway/firewall';
import { LocalError } from '../../../local/local-error';
import { type Synthesized, synthesize } from '../../lib/synthesize';

const TOKEN = `Bearer scim_${'0'.repeat(43)}_00000000`;

let synthesized: Synthesized;
let stack: LocalStack;
let workDirectory: string;
beforeAll(async () => {
  synthesized = synthesize({ webAcl: 'rate', webAclRate: 200 });
  workDirectory = mkdtempSync(join(tmpdir(), 'scim-firewall-'));
  stack = await readCloudAssembly(synthesized.folder, { servicesUrl: 'http://127.0.0.1:1', workDirectory });
});
afterAll(() => {
  rmSync(workDirectory, { recursive: true });
});

const restApiId = () => stack.ofType('AWS::ApiGateway::RestApi').map((api) => stack.ref(api))[0] ?? '';

/** How many of some requests pass. */
function passed(firewall: Firewall, requests: number, sourceIp: string, authorization?: string): number {
  const rawHeaders = authorization === undefined ? [] : ['Authorization', authorization];
  return Array.from({ length: requests }, () => firewall.blocks({ sourceIp, rawHeaders })).filter(
    (blocked) => blocked === undefined,
  ).length;
}

test('an address has 100 requests in a minute without a token, and the setting in all', () => {
  let now = 0;
  const firewall = new Firewall(readFirewall(stack, restApiId()), () => now);

  expect(passed(firewall, 150, '192.0.2.1')).toBe(100);
  expect(passed(firewall, 150, '192.0.2.1', TOKEN)).toBe(100);
  expect(passed(firewall, 150, '192.0.2.2', TOKEN)).toBe(150);
  now = 61_000;
  expect(passed(firewall, 150, '192.0.2.1')).toBe(100);
});

test('blocked requests count on: a flood is held until it ends', () => {
  let now = 0;
  const firewall = new Firewall(readFirewall(stack, restApiId()), () => now);
  passed(firewall, 150, '192.0.2.1');
  now = 30_000;
  expect(passed(firewall, 150, '192.0.2.1')).toBe(0);
  now = 61_000;
  expect(passed(firewall, 1, '192.0.2.1')).toBe(0);
  now = 91_000;
  expect(passed(firewall, 1, '192.0.2.1')).toBe(1);
});

test("the answer is the rule's own", () => {
  const firewall = new Firewall(readFirewall(stack, restApiId()), () => 0);
  passed(firewall, 100, '192.0.2.1');

  const blocked = firewall.blocks({ sourceIp: '192.0.2.1', rawHeaders: [] });

  expect(blocked).toMatchObject({ rule: 'WithoutToken', answer: { status: 429 } });
  expect(blocked?.answer.headers).toEqual([
    ['Retry-After', '60'],
    ['Content-Type', 'application/json'],
  ]);
  expect(JSON.parse(String(blocked?.answer.body))).toMatchObject({ status: '429' });
});

test('a web ACL that is associated with nothing, or lies outside, lets everything pass', () => {
  const without: LocalStack = { ...withTypes(() => []) };
  expect(readFirewall(without, restApiId())).toEqual([]);
});

test('a rule that the local run does not imitate is told', () => {
  const other: LocalStack = {
    ...withTypes((types) => stack.ofType(...types)),
    property: (resource, name) =>
      name === 'Rules'
        ? [{ Name: 'Geo', Statement: { GeoMatchStatement: {} } }]
        : stack.property(resource, name),
  };
  expect(() => readFirewall(other, restApiId())).toThrow(LocalError);
  expect(() => readFirewall(other, restApiId())).toThrow(
    /Rules\.Geo is of a kind that the local run does not imitate/,
  );
});

/** The stack with some other resources of the association's type. */
function withTypes(ofType: (types: string[]) => ReturnType<LocalStack['ofType']>): LocalStack {
  return {
    name: stack.name,
    ofType: (...types) =>
      types.includes('AWS::WAFv2::WebACLAssociation') ? ofType(types) : stack.ofType(...types),
    property: (resource, name) => stack.property(resource, name),
    ref: (resource) => stack.ref(resource),
    attribute: (resource, name) => stack.attribute(resource, name),
    outputs: () => stack.outputs(),
    codeFolder: (code, where) => stack.codeFolder(code, where),
  };
}
