import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import manifest from '../../package.json';
import { node, ROOT, type Use } from './packed';
import { kB } from './size';

/** What publint and @arethetypeswrong/cli say of the packed file. */
export const LINT: Use = {
  name: 'lint',
  async run({ file }) {
    await node(ROOT, [join(ROOT, 'node_modules/publint/src/cli.js'), 'run', '--strict', file]);
    await node(ROOT, [join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js'), file, '--no-emoji']);
    const command = gzipSync(readFileSync(join(ROOT, manifest.bin['serverless-scim']))).length;
    return [
      'publint and @arethetypeswrong/cli: nothing to say',
      `package: ${kB(statSync(file).size)} packed, of which the command is ${kB(command)}`,
    ];
  },
};
