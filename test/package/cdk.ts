import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, install, node, ROOT, tsc, type Use } from './packed';

/** The construct in an app of its own, compiled and synthesized as CommonJS and as ES module. */
export const CDK: Use = {
  name: 'cdk',
  async run(packed) {
    const consumer = freshFolder(packed, 'cdk');
    cpSync(join(consumer, 'app.ts'), join(consumer, 'app.mts'));
    copyCode('docs/cdk.md', consumer);
    await install(consumer, packed);
    await tsc(consumer, 'tsconfig.json');
    const programs = ['out/app.js', 'out/app.mjs'];
    const answers = await Promise.all(
      programs.map((program, index) => node(consumer, [program, `cdk.out.${index}`])),
    );
    return [
      ...programs.map((program, index) => `${program}: ${answers[index]}`),
      'docs/cdk.md: its code compiles',
    ];
  },
};

/** Writes each piece of TypeScript of a page into a file of a folder. */
function copyCode(page: string, folder: string): void {
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)];
  if (blocks.length === 0) throw new Error(`${page} has no code.`);
  for (const [index, [, code = '']] of blocks.entries()) {
    writeFileSync(join(folder, `page-${index}.ts`), code);
  }
}
