import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../lib/read-settings';
import { ScimStack } from '../lib/scim-stack';
import { localSettings, VARIANTS, variantOf } from '../local/assembly/find-assembly';
import { isRecord, type JsonRecord, parseJson, recordOf } from '../local/json';

/**
 * Synthesizes the stacks that a local run of the package may ask for, so that it needs no aws-cdk-lib: for each a
 * manifest, a template and a list of assets, which are the prebuilt functions.
 *
 * @param functions folder of the bundles (build/functions.ts)
 */
export function buildStacks(functions: string, folder: string): void {
  const bundles = new Map(readdirSync(functions).map((entry) => [textOf(functions, entry), entry]));
  for (const variant of VARIANTS) {
    const outdir = mkdtempSync(join(tmpdir(), 'scim-stack-'));
    try {
      synthesize(outdir, new Map(Object.entries(localSettings(variant))));
      const target = join(folder, variantOf(variant));
      mkdirSync(target, { recursive: true });
      keep(outdir, target, (asset) => relative(target, join(functions, bundleOf(bundles, outdir, asset))));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }
}

function synthesize(outdir: string, settings: ReadonlyMap<string, unknown>): void {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  new ScimStack(
    app,
    'Scim',
    readSettings((name) => settings.get(name)),
  );
  app.synth();
}

/** Keeps what local/assembly/cloud-assembly.ts reads. */
function keep(outdir: string, target: string, placeOf: (asset: string) => string): void {
  for (const name of readdirSync(outdir).filter((entry) => entry.endsWith('.json'))) {
    const content = recordOf(parseJson(readFileSync(join(outdir, name), 'utf8')));
    if (name === 'manifest.json') write(target, name, { artifacts: withoutMetadata(content) });
    if (name.endsWith('.template.json')) write(target, name, content);
    if (name.endsWith('.assets.json')) write(target, name, { files: assetsOf(content, placeOf) });
  }
}

const write = (folder: string, name: string, content: JsonRecord) =>
  writeFileSync(join(folder, name), JSON.stringify(content));

const withoutMetadata = ({ artifacts }: JsonRecord): JsonRecord =>
  Object.fromEntries(
    Object.entries(recordOf(artifacts))
      .filter(([, artifact]) => ['aws:cloudformation:stack', 'cdk:asset-manifest'].includes(typeOf(artifact)))
      .map(([id, artifact]) => [id, { ...recordOf(artifact), metadata: undefined }]),
  );

const typeOf = (artifact: unknown): string => String(recordOf(artifact).type);

/** The assets that are folders: functions. The template is one of CDK's assets, too. */
function assetsOf({ files }: JsonRecord, placeOf: (asset: string) => string): JsonRecord {
  const folders = Object.entries(recordOf(files)).filter(
    ([, file]) => isRecord(file) && recordOf(file.source).packaging === 'zip',
  );
  return Object.fromEntries(
    folders.map(([id, file]) => {
      const { source, destinations } = recordOf(file);
      return [id, { source: { path: placeOf(String(recordOf(source).path)) }, destinations }];
    }),
  );
}

/** The bundle that an asset is a copy of. */
function bundleOf(bundles: ReadonlyMap<string, string>, outdir: string, asset: string): string {
  const found = bundles.get(textOf(outdir, asset));
  if (found === undefined) throw new Error(`The asset ${asset} of the stack is not among the functions.`);
  return found;
}

const textOf = (folder: string, entry: string) => readFileSync(join(folder, entry, 'index.mjs'), 'utf8');
