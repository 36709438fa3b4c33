import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from '../lib/build-functions';
import { FUNCTION_ENTRIES } from '../lib/functions';
import { PACKAGE_ROOT } from '../lib/package-root';

/* npm run build:functions: dist/functions/<name>/index.mjs, which the package has in place of the sources. */

const folder = join(PACKAGE_ROOT, 'dist/functions');
rmSync(folder, { recursive: true, force: true });
buildFunctions(FUNCTION_ENTRIES, folder);
