import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, node, type Packed, ROOT, type Use } from './packed';

/** docs/app-quick-start.md: its commands and its files, in an empty folder. */
export const QUICK_START: Use = {
  name: 'quick-start',
  async run(packed: Packed) {
    const page = readFileSync(join(ROOT, 'docs/app-quick-start.md'), 'utf8');
    const folder = join(packed.folder, 'quick-start');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    for (const [, name = '', code = ''] of page.matchAll(/```ts (\S+)\n([\s\S]*?)```/g)) {
      writeFileSync(join(folder, name), code);
    }
    const [, others = ''] = /^npm i --save-dev (.+)$/m.exec(page) ?? [];
    const [, test = ''] = /^node (.+)$/m.exec(page) ?? [];
    await install(folder, packed, ...others.split(' '));
    const output = await node(folder, test.split(' '));
    if (!/^# pass 1$/m.test(output)) throw new Error(`The page's test did not run:\n${output}`);
    return ["the page's test passes"];
  },
};
