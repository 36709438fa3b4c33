import { join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/package-root';
import { isRepository } from './program';

/** What the package has in place of what the repository makes of its sources at a start: `npm run build`. */
const PREBUILT_FOLDER = join(PACKAGE_ROOT, 'dist/local');

/** The path of a prebuilt file; undefined in the repository. */
export const prebuilt = (name: string): string | undefined =>
  isRepository ? undefined : join(PREBUILT_FOLDER, name);
