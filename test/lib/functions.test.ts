import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../lib/build-functions';
import { FUNCTION_NAMES, pascalCase } from '../../lib/functions';
import { at, type Synthesized, synthesize } from './synthesize';

describe('the functions', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

  const functionOf = (name: string) =>
    stack
      .resources('AWS::Lambda::Function')
      .find(({ id }) => id.startsWith(`Functions${pascalCase(name)}Function`));

  /** The bundle's path, found as CloudFormation would find it: by the asset's hash. */
  function bundleOf(name: string): string {
    const key = String(at(functionOf(name)?.Properties, 'Code', 'S3Key'));
    return join(stack.folder, `asset.${key.replace(/\.zip$/, '')}`, 'index.mjs');
  }

  test('run on Node 24 for arm64, traced, each from its own bundle', () => {
    expect(stack.resources('AWS::Lambda::Function')).toHaveLength(FUNCTION_NAMES.length);
    stack.template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
  });

  test.each(['users', 'groups', 'authorizer'])(
    '%s answers before the gateway gives up, and knows the table',
    (name) => {
      expect(functionOf(name)?.Properties).toMatchObject({
        Timeout: 28,
        MemorySize: 1024,
        Environment: {
          Variables: { TABLE_NAME: { Ref: expect.any(String) }, POWERTOOLS_METRICS_NAMESPACE: 'Scim' },
        },
      });
    },
  );

  test('have no reserved concurrency, which a new account cannot give, unless the settings say so', () => {
    const reserved = (of: Synthesized) =>
      of
        .resources('AWS::Lambda::Function')
        .filter(({ Properties }) => Properties.ReservedConcurrentExecutions !== undefined)
        .map(({ id, Properties }) => [id.slice(0, 20), Properties.ReservedConcurrentExecutions])
        .sort();

    expect(reserved(stack)).toEqual([]);
    expect(reserved(synthesize({ authorizerConcurrency: 50, revokerConcurrency: 10 }))).toEqual([
      ['FunctionsAuthorizerF', 50],
      ['FunctionsSessionRevo', 10],
    ]);
  });

  test('discovery knows no table', () => {
    expect(at(functionOf('discovery')?.Properties, 'Environment', 'Variables')).not.toHaveProperty(
      'TABLE_NAME',
    );
  });

  test.each(FUNCTION_NAMES)(
    '%s writes to a log group of its own, which is kept for 90 days, unless the first deployment fails',
    (name) => {
      const logGroup = String(at(functionOf(name)?.Properties, 'LoggingConfig', 'LogGroup', 'Ref'));
      const [found] = stack.resources('AWS::Logs::LogGroup').filter(({ id }) => id === logGroup);
      expect(found).toMatchObject({
        Properties: { RetentionInDays: 90 },
        DeletionPolicy: 'RetainExceptOnCreate',
      });
    },
  );

  test('every bundle is a module that Node loads and that exports a handler', () => {
    const variables = Object.entries(
      Object(at(functionOf('tenant-sweep')?.Properties, 'Environment', 'Variables')),
    );
    const thresholds = Object.fromEntries(variables.filter(([, value]) => typeof value === 'string'));
    const load = `const modules = await Promise.all(process.argv.slice(1).map((path) => import(path)));
      console.log(modules.map((module) => typeof module.handler).join());`;
    const output = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', load, ...FUNCTION_NAMES.map(bundleOf)],
      {
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, ...thresholds, TABLE_NAME: 'a-table', AWS_REGION: 'eu-west-1' },
      },
    );
    expect(output.trim()).toBe(FUNCTION_NAMES.map(() => 'function').join());
  });

  test('the same sources give the same assets, so that an unchanged function is not deployed again', () => {
    const again = synthesize({ production: false });
    const assets = (folder: string) =>
      readdirSync(folder)
        .filter((name) => name.startsWith('asset.'))
        .sort();
    expect(assets(again.folder)).toEqual(assets(stack.folder));
  });

  test('discovery is small and carries no SDK', () => {
    expect(statSync(bundleOf('discovery')).size).toBeLessThan(80_000);
    expect(readFileSync(bundleOf('discovery'), 'utf8')).not.toContain('@aws-sdk');
  });

  test('no bundle holds the tracer, the CDK or anything of the tests', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scim-bundles-'));
    const metafile = buildFunctions(FUNCTION_NAMES, folder);
    rmSync(folder, { recursive: true });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.some((path) => path.startsWith('lambdas/'))).toBe(true);
    expect(
      inputs.filter((path) => /aws-cdk|aws-xray|powertools\/tracer|^(?:test|lib|local|cli)\//.test(path)),
    ).toEqual([]);
    const discovery = Object.entries(metafile.outputs).find(([path]) => path.endsWith('discovery/index.mjs'));
    expect(Object.keys(discovery?.[1].inputs ?? {}).filter((path) => path.includes('@aws-sdk'))).toEqual([]);
  });
});
