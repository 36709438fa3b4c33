const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Before a run's test files: the functions' bundles are made once for all of them (lib/bundles.ts). */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-kept-bundles-'));
  process.env.SCIM_KEPT_BUNDLES = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
};
