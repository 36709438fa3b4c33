import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../lib/package-root';
import { prebuilt } from '../prebuilt';
import { type SessionSinkOptions, sinkSettings } from '../session-sinks';
import { synthesize } from './synthesize';

/** Where the repository keeps what it has synthesized. */
const ASSEMBLIES = join(PACKAGE_ROOT, '.local/assemblies');

/**
 * The folder of the cloud assembly to serve: a given one, the package's for such stores of sessions, or what the
 * repository's app synthesizes.
 */
export async function findAssembly({
  assembly = process.env.SCIM_CLOUD_ASSEMBLY,
  ...sinks
}: SessionSinkOptions & { readonly assembly?: string }): Promise<string> {
  if (assembly !== undefined && assembly !== '') return assembly;
  return (
    prebuilt(join('stacks', variantOf(sinks))) ??
    synthesize({ projectDirectory: PACKAGE_ROOT, cacheDirectory: ASSEMBLIES, settings: localSettings(sinks) })
  );
}

/** Settings of the stack with some stores. The local run has what a deployment is asked for: admin API, kept events. */
export const localSettings = (sinks: SessionSinkOptions): Readonly<Record<string, string>> => ({
  ...sinkSettings(sinks),
  adminApi: 'true',
  eventLogDays: '7',
});

/** Every choice of stores that a prebuilt stack may be for. */
export const VARIANTS: readonly SessionSinkOptions[] = [
  {},
  { webhook: { url: '' } },
  { cognito: {} },
  { webhook: { url: '' }, cognito: {} },
];

/** The name of the stack with some stores. */
export const variantOf = ({ webhook, cognito }: SessionSinkOptions): string =>
  ['scim', ...(webhook === undefined ? [] : ['webhook']), ...(cognito === undefined ? [] : ['cognito'])].join(
    '-',
  );
