import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { guideFiles } from './files';

const FOLDER = resolve(__dirname, '../../docs/setup');

// npm run docs:guides: writes docs/setup/ anew from the guides in console/guides/.
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, 'forms'), { recursive: true });
for (const [name, content] of guideFiles()) writeFileSync(join(FOLDER, name), content);
