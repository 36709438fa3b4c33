import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctionBundles } from '../build/functions';
import { PACKAGE_ROOT } from '../lib/package-root';

/* npm run build:functions: dist/functions/<name>/index.mjs, which the package has in place of the sources. */

const folder = join(PACKAGE_ROOT, 'dist/functions');
rmSync(folder, { recursive: true, force: true });
buildFunctionBundles(folder);
