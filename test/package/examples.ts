import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { install, npm, ROOT, tsc, type Use } from './packed';

const EXAMPLES = join(ROOT, 'examples');
/** What somebody who tried an example in the repository has left there. */
const LEFT = ['node_modules', 'package-lock.json', 'cdk.out'];

/** The projects in examples/, each copied out of the repository, installed with the packed file, checked and tested. */
export const PROJECTS: readonly Use[] = readdirSync(EXAMPLES)
  .filter((name) => existsSync(join(EXAMPLES, name, 'package.json')))
  .map((name) => ({
    name: `examples/${name}`,
    async run(packed) {
      const folder = join(packed.folder, 'examples', name);
      mkdirSync(folder, { recursive: true });
      cpSync(join(EXAMPLES, name), folder, {
        recursive: true,
        filter: (source) => !LEFT.includes(basename(source)),
      });
      await install(folder, packed);
      await tsc(folder, 'tsconfig.json');
      const output = await npm(folder, ['test']);
      const passed = /^# pass (\d+)$/m.exec(output)?.[1] ?? /^Tests:.* (\d+) passed/m.exec(output)?.[1];
      if (passed === undefined || passed === '0') throw new Error(`${name} has run no test:\n${output}`);
      return [`compiles; ${passed} tests pass`];
    },
  }));
