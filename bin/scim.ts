import { App } from 'aws-cdk-lib';
import { ScimStack } from '../lib/scim-stack';
import { readSettings } from '../lib/settings';

const app = new App({ outdir: process.env.CDK_OUTDIR ?? 'cdk.out', analyticsReporting: false });
new ScimStack(
  app,
  'Scim',
  readSettings((name) => app.node.tryGetContext(name)),
);
app.synth();
