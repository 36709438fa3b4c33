/** The local run with its data in a temporary file, as a server under load. Tells its parent where it is, and ends with it. */
import { startLocal } from '../../../local/run';

// The SDK's advice to newer Node.js would stand between the lines of progress.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void main();

async function main(): Promise<void> {
  const run = await startLocal({ port: 0, memory: true });
  process.once('disconnect', () => void run.stop().then(() => process.exit(0)));
  process.send?.({ baseUrl: run.baseUrl, token: run.token });
}
