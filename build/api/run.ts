import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeApiPage } from './make';
import { withUseCases } from './use-cases';

const ROOT = resolve(__dirname, '../..');

// npm run build:api: writes docs/api.md, and the list of use cases in docs/admin-api.md.
writeFileSync(join(ROOT, 'docs/api.md'), makeApiPage(ROOT));
const adminPage = join(ROOT, 'docs/admin-api.md');
writeFileSync(adminPage, withUseCases(readFileSync(adminPage, 'utf8')));
