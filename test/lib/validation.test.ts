import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ScimStack } from '../../lib/scim-stack';
import { validateBestPractices } from '../../lib/validation';

describe("the template and cdk-nag's AwsSolutions pack", () => {
  let folder: string;
  let app: App;
  let stack: ScimStack;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-synth-'));
    [app, stack] = newApp('as-it-is');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function newApp(name: string): [App, ScimStack] {
    const app = new App({ outdir: join(folder, name), analyticsReporting: false });
    const stack = new ScimStack(app, 'Scim', { adminApi: true });
    validateBestPractices(app);
    return [app, stack];
  }

  test('agree, warnings included', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  test('give every exception a reason that can be read', () => {
    const reasons = stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data));
    expect(reasons.length).toBeGreaterThan(0);
    for (const [rule, reason] of reasons) {
      expect(rule).toContain('AwsSolutions-');
      expect(String(reason)).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  test("pass CDK's own rules at synth", () => {
    expect(() => app.synth()).not.toThrow();
  });

  test('find a construct that breaks a rule', () => {
    const [changed, itsStack] = newApp('with-a-queue');
    new Queue(itsStack, 'Plain');
    const report = new AwsSolutionsChecks(changed).validateScope(changed);
    expect(report.success).toBe(false);
    expect(report.violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
  });
});
