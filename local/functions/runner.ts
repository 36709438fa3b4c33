/**
 * Entry file of a function's process: loads the bundle by its handler string, as Lambda's runtime does, and runs one
 * invocation at a time.
 *
 * Arguments: path of the module, name of its export.
 */
import { pathToFileURL } from 'node:url';
import type { FunctionError, InvokeOrder, ReadyNews } from './messages';

type Handler = (
  event: unknown,
  context: object,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

const [modulePath = '', exportName = ''] = process.argv.slice(2);

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group of a terminal; the local run decides when its children end.
process.on('SIGINT', () => {});

void start();

async function start(): Promise<void> {
  try {
    const handler = await loadHandler();
    process.on('message', (order: InvokeOrder) => void invoke(handler, order));
    tell({ ready: true } satisfies ReadyNews);
  } catch (error) {
    tell({ ready: true, error: describe(error) } satisfies ReadyNews);
  }
}

async function loadHandler(): Promise<Handler> {
  const loaded: Record<string, unknown> = await import(pathToFileURL(modulePath).href);
  const fallback = loaded.default;
  const found =
    loaded[exportName] ??
    (typeof fallback === 'object' && fallback !== null ? Reflect.get(fallback, exportName) : undefined);
  if (typeof found !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return found as Handler;
}

async function invoke(handler: Handler, order: InvokeOrder): Promise<void> {
  const { requestId } = order;
  try {
    const result = await run(handler, order);
    tell({ requestId, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    tell({ requestId, error: describe(error) });
  }
}

function run(handler: Handler, order: InvokeOrder): Promise<unknown> {
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: order.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: order.functionArn,
    memoryLimitInMB: String(order.memoryMegabytes),
    awsRequestId: order.requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, order.deadline - Date.now()),
  };
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result?: unknown) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    const returned = handler(JSON.parse(order.event), context, callback);
    const isPromise = typeof returned === 'object' && returned !== null && 'then' in returned;
    if (isPromise) Promise.resolve(returned).then(resolve, reject);
    // A handler without a third parameter cannot call back: what it returned is its result.
    else if (handler.length < 3) resolve(returned);
  });
}

function describe(error: unknown): FunctionError {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function tell(news: object): void {
  if (process.connected) process.send?.(news);
}
