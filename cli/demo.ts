import { demonstrateOffboarding } from '../src/admin/demonstration';
import { localDeployment } from '../src/admin/deployment';
import { AdminError } from '../src/admin/errors';
import { findOrStartLocalRun } from './demo-run';
import { tableText } from './table-text';

// The project runs on Node 20; the SDK's advice to newer ones would stand before the demonstration.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

async function main(): Promise<void> {
  const { run, stop } = await findOrStartLocalRun();
  try {
    const { tenant: tenantId, token } = run;
    const { steps, withinLimit, limitMs } = await demonstrateOffboarding(localDeployment(run), {
      tenantId,
      token,
    });
    const rows = steps.map(({ step, result, milliseconds }) => [step, result, milliseconds.toFixed(0)]);
    console.log(tableText(['STEP', 'RESULT', 'MS'], rows));
    if (withinLimit) return;
    console.error(`The session outlived the deactivation by more than ${limitMs} ms.`);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof AdminError ? error.message : error);
  process.exitCode = 1;
});
