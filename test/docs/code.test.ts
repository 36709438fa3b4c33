import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What the pieces of code take from their surroundings. */
const GIVEN = `
export declare const userId: string;
export declare const claims: { email: string; oid: string; epoch: number };
export declare const session: import('serverless-scim').Session;
export declare const scim: import('serverless-scim').Client;
export declare const startScim: typeof import('serverless-scim/testing').startScim;
export declare const received: unknown[];
export declare function until(condition: () => boolean): Promise<void>;
`;

test.each(['sessions.md', 'access.md', 'testing.md', 'app-quick-start.md'])(
  'the code in docs/%s compiles',
  (page) => {
    const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
    const blocks = [...text.matchAll(/```ts(?: (\S+))?\n([\s\S]*?)```/g)].map(
      ([, name, code = ''], position) => ({ name: name ?? `block-${position}.ts`, code }),
    );
    expect(blocks.length).toBeGreaterThan(1);
    expect(compileErrors(blocks)).toBe('');
  },
);

/** What the compiler says of pieces of code, each a module below the project's root, so that they find its packages. */
function compileErrors(blocks: readonly { readonly name: string; readonly code: string }[]): string {
  mkdirSync(join(ROOT, '.local'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.local', 'docs-'));
  try {
    writeFileSync(join(folder, 'given.ts'), GIVEN);
    cpSync(join(ROOT, 'examples/extensions'), join(folder, 'scim-extensions'), { recursive: true });
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { noUnusedLocals: false },
        include: ['*.ts'],
      }),
    );
    const given = [...GIVEN.matchAll(/export declare (?:const|function) (\w+)/g)].map(
      ([, name = '']) => name,
    );
    for (const { name, code } of blocks) {
      const taken = given.filter(
        (each) => !new RegExp(`(?:\\b(?:let|const) |import {[^}]*)\\b${each}\\b`).test(code),
      );
      writeFileSync(join(folder, name), `import { ${taken.join(', ')} } from './given';\n${code}`);
    }
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
