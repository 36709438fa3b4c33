import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXTENSIONS_FILE, type ExtensionRegistration } from '../../src/scim/schema/extensions/registration';
import { isRecord, type JsonRecord, parseJson, recordOf } from '../json';
import { LocalError } from '../local-error';
import { Resolver } from './intrinsics';
import type { Resource } from './physical-names';

/** A synthesized stack, with every value as it is on this machine. */
export interface LocalStack {
  readonly name: string;
  /**
   * Resources of the given types whose condition holds, in the template's order; properties still hold intrinsic
   * functions.
   */
  ofType(...types: string[]): Resource[];
  /** A resource's property, resolved. */
  property(resource: Resource, name: string): unknown;
  /** What `Ref` returns for a resource. */
  ref(resource: Resource): string;
  /** What `Fn::GetAtt` returns for a resource. */
  attribute(resource: Resource, name: string): string;
  /** The outputs' values. Those that cannot be resolved here are left out. */
  outputs(): Readonly<Record<string, string>>;
  /** The folder with a function's code, given its resolved `Code` property. */
  codeFolder(code: JsonRecord, where: string): Promise<string>;
}

export interface ReadAssemblyOptions {
  /** Base URL of the local services. */
  readonly servicesUrl: string;
  /** Folder for what has to be unpacked (inline code), or is not as it was staged. */
  readonly workDirectory: string;
  /** Extension schemas in place of those that were staged beside the functions. */
  readonly extensions?: readonly ExtensionRegistration[];
}

/**
 * Reads the cloud assembly that a CDK app wrote: its manifest, the stack's template and its assets.
 *
 * @throws LocalError when the directory holds none, or more than one stack
 */
export async function readCloudAssembly(
  directory: string,
  options: ReadAssemblyOptions,
): Promise<LocalStack> {
  const manifest = await readJson(join(directory, 'manifest.json'));
  const stacks = Object.entries(recordOf(manifest.artifacts)).filter(
    ([, artifact]) => isRecord(artifact) && artifact.type === 'aws:cloudformation:stack',
  );
  const [only, ...others] = stacks;
  if (only === undefined) throw new LocalError(`The cloud assembly in ${directory} holds no stack.`);
  if (others.length > 0) {
    throw new LocalError(
      `The local run serves one stack; the app has ${stacks.length}: ${stacks.map(([id]) => id).join(', ')}.`,
    );
  }
  const [id, artifact] = only;
  const properties = recordOf(recordOf(artifact).properties);
  const template = await readJson(join(directory, String(properties.templateFile)));
  const assets = await readAssets(directory, manifest);
  const name = typeof properties.stackName === 'string' ? properties.stackName : id;
  return new TemplateStack(name, template, assets, options);
}

class TemplateStack implements LocalStack {
  private readonly resolver: Resolver;

  constructor(
    readonly name: string,
    private readonly template: JsonRecord,
    private readonly assets: ReadonlyMap<string, string>,
    private readonly options: ReadAssemblyOptions,
  ) {
    this.resolver = new Resolver({ stackName: name, template, servicesUrl: options.servicesUrl });
  }

  ofType(...types: string[]): Resource[] {
    return Object.entries(recordOf(this.template.Resources)).flatMap(([logicalId, resource]) => {
      if (!isRecord(resource) || !types.includes(String(resource.Type))) return [];
      if (typeof resource.Condition === 'string' && !this.resolver.holds(resource.Condition, logicalId))
        return [];
      return [{ logicalId, type: String(resource.Type), properties: recordOf(resource.Properties) }];
    });
  }

  property(resource: Resource, name: string): unknown {
    return this.resolver.resolve(resource.properties[name], `${resource.logicalId}.${name}`);
  }

  ref(resource: Resource): string {
    return this.resolver.text({ Ref: resource.logicalId }, resource.logicalId);
  }

  attribute(resource: Resource, name: string): string {
    return this.resolver.text({ 'Fn::GetAtt': [resource.logicalId, name] }, resource.logicalId);
  }

  outputs(): Record<string, string> {
    const outputs: Record<string, string> = {};
    for (const [name, output] of Object.entries(recordOf(this.template.Outputs))) {
      try {
        outputs[name] = this.resolver.text(recordOf(output).Value, `Outputs.${name}`);
      } catch (error) {
        // An output may describe something that has no counterpart here (a dashboard's URL); nobody is harmed by its
        // absence.
        if (!(error instanceof LocalError)) throw error;
      }
    }
    return outputs;
  }

  async codeFolder(code: JsonRecord, where: string): Promise<string> {
    if (typeof code.ZipFile === 'string') {
      const folder = join(this.options.workDirectory, 'inline', where);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'index.js'), code.ZipFile);
      // Inline code is CommonJS whatever the nearest package.json says.
      await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
      return folder;
    }
    const folder = this.assets.get(String(code.S3Key));
    if (folder === undefined || !existsSync(folder)) {
      throw new LocalError(
        `The template's ${where}.Code is not an asset of the cloud assembly nor inline code.`,
      );
    }
    return this.withExtensions(folder, where);
  }

  private async withExtensions(folder: string, where: string): Promise<string> {
    const { extensions, workDirectory } = this.options;
    if (extensions === undefined || !existsSync(join(folder, EXTENSIONS_FILE))) return folder;
    const copy = join(workDirectory, 'code', where);
    await cp(folder, copy, { recursive: true });
    await writeFile(join(copy, EXTENSIONS_FILE), JSON.stringify(extensions));
    return copy;
  }
}

/** The folders of the file assets, by the object key under which they would be uploaded. */
async function readAssets(directory: string, manifest: JsonRecord): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const artifact of Object.values(recordOf(manifest.artifacts))) {
    if (!isRecord(artifact) || artifact.type !== 'cdk:asset-manifest') continue;
    const file = await readJson(join(directory, String(recordOf(artifact.properties).file)));
    for (const asset of Object.values(recordOf(file.files))) {
      const path = recordOf(recordOf(asset).source).path;
      for (const destination of Object.values(recordOf(recordOf(asset).destinations))) {
        const key = recordOf(destination).objectKey;
        if (typeof path === 'string' && typeof key === 'string') folders.set(key, join(directory, path));
      }
    }
  }
  return folders;
}

async function readJson(path: string): Promise<JsonRecord> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LocalError(`The cloud assembly's file ${path} cannot be read.`, { cause });
  });
  const parsed = parseJson(text);
  if (!isRecord(parsed)) throw new LocalError(`The cloud assembly's file ${path} is not a JSON object.`);
  return parsed;
}
