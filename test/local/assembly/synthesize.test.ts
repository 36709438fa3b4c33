import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../local/assembly/synthesize';

test('a table that deployments take up is not asked for: the app makes one for the local run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'synthesize-'));
  try {
    writeFileSync(
      join(folder, 'app.cjs'),
      `const { mkdirSync, writeFileSync } = require('node:fs');
       mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
       writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', process.env.CDK_CONTEXT_JSON);`,
    );
    const context = { stageName: 'scim', tableStreamArn: 'arn:aws:dynamodb:…', tableKeyArn: 'arn:aws:kms:…' };
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.cjs', context }));

    const assembly = await synthesize({ projectDirectory: folder, cacheDirectory: join(folder, 'cache') });

    const given = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
    expect(given).toMatchObject({ stageName: 'scim' });
    expect(Object.keys(given).filter((name) => name.startsWith('table'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
