import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeApiPage } from './make';

const ROOT = resolve(__dirname, '../..');

// npm run build:api: writes docs/api.md.
writeFileSync(join(ROOT, 'docs/api.md'), makeApiPage(ROOT));
