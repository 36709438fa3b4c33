import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What can go wrong with one call to DynamoDB. "After" means that the engine has carried the call out. */
export type FaultKind =
  | 'throttled'
  | 'throttling'
  | 'conflict'
  | 'inProgress'
  | 'serverError'
  | 'serverErrorAfter'
  | 'resetBefore'
  | 'resetAfter'
  | 'resetInTheMiddle'
  | 'slow'
  | 'unprocessed'
  | 'hang';

/** Faults that pass by themselves; `hang` is left out, since each takes a whole timeout. */
const PASSING_FAULTS: readonly FaultKind[] = [
  'throttled',
  'throttling',
  'conflict',
  'inProgress',
  'serverError',
  'serverErrorAfter',
  'resetBefore',
  'resetAfter',
  'resetInTheMiddle',
  'slow',
  'unprocessed',
];

export interface FaultProxy {
  readonly endpoint: string;
  /** How many calls of each fault there were. */
  readonly counts: ReadonlyMap<FaultKind, number>;
  /** Which part of the calls fails, 0 to 1, and how; all calls or only the writes. */
  fail(rate: number, kinds?: readonly FaultKind[], calls?: 'all' | 'writes'): void;
  stop(): Promise<void>;
}

const SLOW_MS = 40;

/**
 * An HTTP proxy before a DynamoDB engine that lets a part of the calls fail in all the ways in which AWS and the
 * network do, from a seeded generator.
 *
 * @param engine URL of the engine
 */
export async function startFaultProxy(engine: string, seed: number): Promise<FaultProxy> {
  const random = mulberry32(seed);
  const counts = new Map<FaultKind, number>();
  let rate = 0;
  let kinds: readonly FaultKind[] = PASSING_FAULTS;
  let calls: 'all' | 'writes' = 'all';
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const possible = kinds.filter((kind) => isPossible(kind, operation));
    const isToFail = random() < rate && (calls === 'all' || WRITES.has(operation));
    const fault = isToFail ? possible[Math.floor(random() * possible.length)] : undefined;
    if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    const forward = (text = body) => passOn(engine, request, text);
    switch (fault) {
      case undefined:
        return answer(response, await forward());
      case 'throttled':
        return refuse(response, 400, 'ProvisionedThroughputExceededException');
      case 'throttling':
        return refuse(response, 400, 'ThrottlingException');
      case 'conflict':
        return conflict(response, operation, body);
      case 'inProgress':
        return refuse(response, 400, 'TransactionInProgressException');
      case 'serverError':
        return refuse(response, 500, 'InternalServerError');
      case 'serverErrorAfter':
        await forward();
        return refuse(response, 500, 'InternalServerError');
      case 'resetBefore':
        request.socket.destroy();
        return;
      case 'resetAfter':
        await forward();
        request.socket.destroy();
        return;
      case 'resetInTheMiddle': {
        const { status, headers, text } = await forward();
        response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
        response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy());
        return;
      }
      case 'slow':
        await delay(random() * SLOW_MS);
        return answer(response, await forward());
      case 'unprocessed':
        return answer(response, await processHalf(body, forward));
      case 'hang':
        return;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    counts,
    fail: (newRate, newKinds = PASSING_FAULTS, newCalls = 'all') => {
      rate = newRate;
      kinds = newKinds;
      calls = newCalls;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

function isPossible(kind: FaultKind, operation: string): boolean {
  if (kind === 'conflict') return WRITES.has(operation);
  if (kind === 'inProgress') return operation === 'TransactWriteItems';
  if (kind === 'unprocessed') return operation.startsWith('Batch');
  return true;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

function passOn(engine: string, { method, headers }: IncomingMessage, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const forwarded = httpRequest(
      engine,
      { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answered) => {
        textOf(answered).then(
          (text) => resolve({ status: answered.statusCode ?? 500, headers: answered.headers, text }),
          reject,
        );
      },
    );
    forwarded.once('error', reject);
    forwarded.end(body);
  });
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
}

function refuse(response: ServerResponse, status: number, error: string, more: object = {}): void {
  const type = `com.amazonaws.dynamodb.v20120810#${error}`;
  answer(response, {
    status,
    headers: {},
    text: JSON.stringify({ __type: type, message: 'A fault of the test.', ...more }),
  });
}

function conflict(response: ServerResponse, operation: string, body: string): void {
  if (operation !== 'TransactWriteItems') {
    refuse(response, 400, 'TransactionConflictException');
    return;
  }
  const { TransactItems = [] } = JSON.parse(body) as { TransactItems?: unknown[] };
  const CancellationReasons = TransactItems.map((_, position) =>
    position === 0
      ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
      : { Code: 'None' },
  );
  refuse(response, 400, 'TransactionCanceledException', { CancellationReasons });
}

interface BatchBody {
  RequestItems: Record<string, unknown[] | { Keys: unknown[] }>;
}

/** A batch of which DynamoDB does the first half and hands the other back. */
async function processHalf(body: string, forward: (text: string) => Promise<Answer>): Promise<Answer> {
  const batch = JSON.parse(body) as BatchBody;
  const [[table, requests] = ['', []]] = Object.entries(batch.RequestItems);
  const all = Array.isArray(requests) ? requests : requests.Keys;
  const half = Math.ceil(all.length / 2);
  const part = (some: unknown[]) => ({
    [table]: Array.isArray(requests) ? some : { ...requests, Keys: some },
  });
  const answered = await forward(JSON.stringify({ ...batch, RequestItems: part(all.slice(0, half)) }));
  if (answered.status !== 200 || half === all.length) return answered;
  const name = Array.isArray(requests) ? 'UnprocessedItems' : 'UnprocessedKeys';
  const output = JSON.parse(answered.text) as object;
  return { ...answered, text: JSON.stringify({ ...output, [name]: part(all.slice(half)) }) };
}

/** A small seeded generator: numbers from 0 to 1. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
