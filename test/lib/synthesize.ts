import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ScimStack } from '../../lib/scim-stack';
import type { ScimStackProps } from '../../lib/settings';

/** A resource of a template; its properties are looked at with the `at` function. */
export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** A synthesized stack. */
export interface Synthesized {
  readonly template: Template;
  /** The cloud assembly's folder, with the assets, to be read alone: other tests have the same. */
  readonly folder: string;
  resources(type: string): Resource[];
}

/** Settings of a stack that has every function there is. */
export const EVERY_FUNCTION = {
  adminApi: true,
  eventLogDays: 7,
  cognitoUserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Pool',
  webhookUrl: 'https://hooks.example.com',
  webhookSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf',
};

/** Assemblies are kept here as long as no source changes, so that of many tests of one stack one synthesizes it. */
const KEPT = join(__dirname, '../../.local/test-stacks');
/** After their last use. */
const MAX_KEPT_MS = 7_200_000;

/**
 * Synthesizes the stack with some settings, without CDK's own template rules, which take seconds (validation.test.ts
 * runs them once).
 */
export function synthesize(settings: Partial<ScimStackProps> = {}): Synthesized {
  const folder = join(KEPT, digestOf(settings));
  if (existsSync(folder)) utimesSync(folder, new Date(), new Date());
  else synthesizeInto(folder, settings);
  const template = Template.fromJSON(JSON.parse(readFileSync(join(folder, 'Scim.template.json'), 'utf8')));
  return { template, folder, resources: (type) => resourcesIn(template, type) };
}

function synthesizeInto(folder: string, settings: Partial<ScimStackProps>): void {
  removeOld();
  const unfinished = `${folder}.${process.pid}`;
  const app = new App({
    outdir: unfinished,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  new ScimStack(app, 'Scim', settings);
  app.synth();
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process was quicker.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function removeOld(): void {
  mkdirSync(KEPT, { recursive: true });
  for (const name of readdirSync(KEPT)) {
    const path = join(KEPT, name);
    if (Date.now() - statSync(path).mtimeMs > MAX_KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Of the settings, and of all that a stack is made of. */
function digestOf(settings: object): string {
  const root = join(__dirname, '../..');
  const hash = createHash('sha256').update(process.version).update(JSON.stringify(settings));
  const files = ['lib', 'lambdas', 'src', 'console', 'extensions'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), join(root, 'package-lock.json'), join(root, 'cdk.json')])
    hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** The resources of a type in a template. */
export function resourcesIn(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(
    ([id, resource]) => ({ id, ...resource }) as Resource,
  );
}

/**
 * The value at a path of keys and positions.
 *
 * @example at(resource.Properties, 'Policy', 'Statement', 0)
 */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return Reflect.get(inner, key);
  }, value);
}
