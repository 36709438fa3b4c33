import { statSync } from 'node:fs';
import { join } from 'node:path';
import { node, ROOT, type Use } from './packed';
import { kB } from './size';

/** What publint and @arethetypeswrong/cli say of the packed file. */
export const LINT: Use = {
  name: 'lint',
  async run({ file }) {
    await node(ROOT, [join(ROOT, 'node_modules/publint/src/cli.js'), 'run', '--strict', file]);
    await node(ROOT, [join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js'), file, '--no-emoji']);
    return [
      'publint and @arethetypeswrong/cli: nothing to say',
      `package: ${kB(statSync(file).size)} packed`,
    ];
  },
};
