/**
 * Runs the measurement from one bundle, the form in which Lambda gets the code. Under tsx the calls between this
 * project's modules go through getters, which the peers' compiled packages do not have.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'scim-micro-'));
const outfile = join(folder, 'run.cjs');
try {
  buildSync({
    entryPoints: [join(__dirname, 'run.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    // mitata looks for it when Bun runs it.
    external: ['bun:*'],
    // Report and plots are found from where bench/report.ts lies.
    define: { __dirname: JSON.stringify(dirname(__dirname)) },
    logLevel: 'error',
  });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
