import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** A synthesized stack; call `remove` when done. */
export interface Synthesized {
  readonly template: Template;
  /** The cloud assembly's folder, with the assets. */
  readonly folder: string;
  resources(type: string): Resource[];
  remove(): void;
}

/** Settings of a stack that has every function there is. */
export const EVERY_FUNCTION = {
  cognitoUserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Pool',
  webhookUrl: 'https://hooks.example.com',
  webhookSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf',
};

/**
 * Synthesizes the stack with some settings, without CDK's own template rules, which take seconds (validation.test.ts
 * runs them once).
 */
export function synthesize(settings: Partial<ScimStackProps> = {}): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'scim-synth-'));
  const app = new App({ outdir: folder, analyticsReporting: false, builtinCloudFormationValidation: false });
  const template = Template.fromStack(new ScimStack(app, 'Scim', settings));
  return {
    template,
    folder,
    resources: (type) => resourcesIn(template, type),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
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
