import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, install, node, tsc, type Use } from './packed';

/** The construct in an app of its own, compiled and synthesized as CommonJS and as ES module. */
export const CDK: Use = {
  name: 'cdk',
  async run(packed) {
    const consumer = freshFolder(packed, 'cdk');
    cpSync(join(consumer, 'app.ts'), join(consumer, 'app.mts'));
    await install(consumer, packed);
    await tsc(consumer, 'tsconfig.json');
    const programs = ['out/app.js', 'out/app.mjs'];
    const answers = await Promise.all(
      programs.map((program, index) => node(consumer, [program, `cdk.out.${index}`])),
    );
    return programs.map((program, index) => `${program}: ${answers[index]}`);
  },
};
