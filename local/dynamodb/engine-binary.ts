import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../lib/package-root';
import { peerDependencies } from '../../package.json';
import { LocalError } from '../local-error';

const ELSEWHERE = 'or set DYNAMODB_ENDPOINT to the URL of another DynamoDB engine';

/** The package with the engine's binary for a platform. */
export const enginePackage = (platform: string = process.platform, cpu: string = process.arch): string =>
  `@dynoxide/${platform}-${cpu}`;

/**
 * Path of the engine's binary.
 *
 * @throws LocalError that says what to install
 */
export function engineBinary(platform: string = process.platform, cpu: string = process.arch): string {
  const name = enginePackage(platform, cpu);
  const path = binaryIn(name);
  if (path !== undefined) return path;
  const version = new Map(Object.entries(peerDependencies)).get(name);
  throw new LocalError(
    version === undefined
      ? `There is no embedded DynamoDB for ${platform}-${cpu}: use Linux or macOS on x64 or arm64, Windows with WSL, ${ELSEWHERE}.`
      : `The embedded DynamoDB is not installed: run npm install --save-dev ${name}@${version}, ${ELSEWHERE}.`,
  );
}

/** Beside this package or, where npx keeps this one elsewhere, in the project that it is run in. */
function binaryIn(name: string): string | undefined {
  for (const folder of [PACKAGE_ROOT, process.cwd()]) {
    try {
      const manifest = createRequire(join(folder, 'package.json')).resolve(`${name}/package.json`);
      const path = join(dirname(manifest), 'dynoxide');
      if (existsSync(path)) return path;
    } catch {
      // Looked for in the next one.
    }
  }
  return undefined;
}
