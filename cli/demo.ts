import { TokenIssuer } from '../local/token-issuer';
import { demonstrateOffboarding } from '../src/admin/demonstration';
import { type Deployment, localDeployment } from '../src/admin/deployment';
import { AdminError } from '../src/admin/errors';
import type { LocalRunDescription } from '../src/admin/local-run';
import { demonstrateOAuth } from '../src/admin/oauth-demonstration';
import { demonstrateUndo } from '../src/admin/undo/demonstration';
import { visibleText } from '../src/scim/visible-text';
import { findOrStartLocalRun } from './demo-run';
import { everyFewSeconds } from './progress';
import { tableText } from './table-text';
import { undoText } from './undo';

// The project runs on Node 20; the SDK's advice to newer ones would stand before the demonstration.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** What can be shown, by name; gives what is wrong about what was seen. */
const DEMONSTRATIONS: Readonly<
  Record<string, (deployment: Deployment, run: LocalRunDescription) => Promise<string | undefined>>
> = {
  offboarding: async (deployment, { tenant: tenantId, token }) => {
    const { steps, withinLimit, limitMs } = await demonstrateOffboarding(deployment, { tenantId, token });
    printSteps(steps);
    return withinLimit ? undefined : `The session outlived the deactivation by more than ${limitMs} ms.`;
  },
  undo: async (deployment) => {
    const tell = everyFewSeconds(console.error, 'changes');
    const { tenantId, steps, isAsBefore } = await demonstrateUndo(deployment, {
      onUndo: (undo) => console.log(`${undoText(undo, undefined, 3)}\n`),
      onProgress: ({ done, total, waitingFor }) => tell({ scanned: done, items: total }, waitingFor),
    });
    printSteps(steps);
    console.log(`\nWhere the run goes on, the tenant ${tenantId} stays: look at its log, or undo the undo.`);
    return isAsBefore ? undefined : 'Something is not as it was before.';
  },
  oauth: async (deployment, { tenant: tenantId }) => {
    const issuer = await TokenIssuer.start();
    try {
      const { steps, unexpected } = await demonstrateOAuth(deployment, { tenantId, issuer });
      for (const { step, result, milliseconds } of steps)
        console.log(`${step} (${milliseconds.toFixed(0)} ms)\n  ${visibleText(result)}`);
      return unexpected.length === 0 ? undefined : unexpected.join('\n');
    } finally {
      await issuer.stop();
    }
  },
};

interface Step {
  readonly step: string;
  readonly result: string;
  readonly milliseconds: number;
}

function printSteps(steps: readonly Step[]): void {
  const rows = steps.map(({ step, result, milliseconds }) => [step, result, milliseconds.toFixed(0)]);
  console.log(tableText(['STEP', 'RESULT', 'MS'], rows));
}

async function main(name = 'offboarding'): Promise<void> {
  const demonstrate = DEMONSTRATIONS[name];
  if (demonstrate === undefined)
    throw new AdminError('notFound', `There are these to see: ${Object.keys(DEMONSTRATIONS).join(', ')}.`);
  const { run, stop } = await findOrStartLocalRun({ isQuiet: name !== 'offboarding' });
  try {
    const wrong = await demonstrate(localDeployment(run), run);
    if (wrong === undefined) return;
    console.error(wrong);
    process.exitCode = 1;
  } finally {
    await stop();
  }
}

main(...process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof AdminError ? error.message : error);
  process.exitCode = 1;
});
