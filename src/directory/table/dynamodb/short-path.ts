import { type DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { isJsonObject } from '../../../scim/json';
import { type Credentials, Signer } from './signature';
import { FORMS } from './wire';

type Stack = DynamoDBClient['middlewareStack'];

/** What the short path needs of the request that the SDK made: where it goes and who sends it. */
interface Origin {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly userAgent: string | undefined;
  readonly signer: Signer;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** The SDK's HTTP handler with the options of this call, as the last part of a chain of middleware. */
type Send = (args: { readonly request: object }) => Promise<{ readonly response: unknown }>;

const SERVICE_TARGET = 'DynamoDB_20120810';

/**
 * Lets the calls that requests are made of skip the SDK's chain of middleware, which takes more CPU than
 * everything else in a request: resolving about fifteen functions for each call, the endpoint's rules, serializing by
 * schema, a signer for any request. All calls stay commands of lib-dynamodb that the SDK's client sends; credentials,
 * connections and timeouts stay the SDK's, and calls that are rare go its whole way.
 *
 * The first call of a client goes the whole way as well. What that request shows (endpoint, user agent) holds for all
 * others, so that no rule of the SDK is repeated here; calls that are made beside it wait until it shows. Once
 * somebody adds middleware to the client, all calls go the whole way.
 *
 * A call that is refused for its form (REFUSALS_OF_THE_FORM) is repeated the whole way at once. When DynamoDB takes it
 * so, the fault lies here: all further calls of the client go the whole way.
 *
 * @param onSwitchedOff told, once, that it came to that, with what DynamoDB had answered
 */
export function takeShortPath(client: DynamoDBClient, onSwitchedOff: (refusal: Error) => void): void {
  const whole = client.middlewareStack;
  const path = new ShortPath(client, whole, onSwitchedOff);
  whole.add(
    (next) => async (args) => {
      await path.learn(args.request);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'learnOrigin' },
  );
  client.middlewareStack = path.stack([]);
}

interface Arguments {
  readonly input: object;
}

/** What carries a command out. */
type Handler = (args: Arguments) => Promise<object>;

/** Lets calls wait for another. */
interface Signal {
  readonly done: Promise<void>;
  readonly end: () => void;
}

/** A command's own middleware, or another chain. */
type Part = Parameters<Stack['concat']>[0];

/**
 * What DynamoDB answers when it cannot tell who calls or what is asked. Each speaks of the headers or of the form of
 * the body, which are made here, and says that nothing was carried out.
 *
 * UnrecognizedClientException is what a session token that is lost or mangled on the way leads to. Credentials that are
 * wrong lead to it as well, but then the whole way fails too and nothing is switched off.
 *
 * Not among them: ExpiredTokenException, whose credentials the other way would send as well; and ValidationException,
 * which depends on what is stored (an item that grows too large), so that a repetition could succeed for another
 * reason. The bodies that it judges are the SDK's own, as a test compares.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const REFUSALS_OF_THE_FORM: ReadonlySet<string> = new Set([
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
  'SerializationException',
  'UnknownOperationException',
]);

class ShortPath {
  private origin: Origin | undefined;
  private learning: Signal | undefined;
  private isExtended = false;
  private isSwitchedOff = false;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly whole: Stack,
    private readonly onSwitchedOff: (refusal: Error) => void,
  ) {}

  async learn(request: unknown): Promise<void> {
    this.origin ??= originOf(request, await this.client.config.region());
    this.learning?.end();
  }

  /** The client's chain with the parts behind it. They are joined only when the chain turns out to be needed. */
  stack(parts: readonly Part[]): Stack {
    const { whole } = this;
    const extending = <Change>(change: Change): Change =>
      ((...args: unknown[]) => {
        this.isExtended = true;
        return (change as (...args: unknown[]) => unknown)(...args);
      }) as Change;
    const resolve = (send: unknown, context: { readonly commandName?: unknown }) => {
      const wholeWay = () =>
        parts
          .reduce<Stack>((chain, part) => chain.concat(part as never), whole)
          .resolve(send as never, context as never) as Handler;
      return this.handler(String(context.commandName), send as Send, wholeWay);
    };
    return {
      ...whole,
      add: extending(whole.add),
      addRelativeTo: extending(whole.addRelativeTo),
      use: extending(whole.use),
      remove: extending(whole.remove),
      removeByTag: extending(whole.removeByTag),
      concat: ((part: Part) => this.stack([...parts, part])) as Stack['concat'],
      resolve: resolve as Stack['resolve'],
    };
  }

  /** What carries a command out; the whole way is put together only when it is needed. */
  private handler(commandName: string, send: Send, wholeWay: () => Handler): Handler {
    const operation = commandName.replace(/Command$/, '');
    const form = FORMS[operation];
    if (form === undefined || this.isClosed()) return wholeWay();
    return async (args) => {
      if (this.origin === undefined) {
        if (this.learning === undefined) return this.first(wholeWay(), args);
        await this.learning.done;
      }
      const { origin } = this;
      if (origin === undefined || this.isClosed()) return wholeWay()(args);
      const credentials = await this.client.config.credentials();
      try {
        const output = await call(origin, credentials, operation, form.toWire({ ...args.input }), send);
        return { output: { ...form.fromWire(output), $metadata: { httpStatusCode: 200 } } };
      } catch (error) {
        if (!(error instanceof Error) || !REFUSALS_OF_THE_FORM.has(error.name)) throw error;
        return this.repeat(wholeWay(), args, error);
      }
    };
  }

  private isClosed(): boolean {
    return this.isExtended || this.isSwitchedOff;
  }

  private async repeat(handler: Handler, args: Arguments, refusal: Error): Promise<object> {
    const answer = await handler(args);
    if (!this.isSwitchedOff) {
      this.isSwitchedOff = true;
      this.onSwitchedOff(refusal);
    }
    return answer;
  }

  /** The call that shows the origin. Calls beside it wait for that, not for its answer. */
  private async first(handler: Handler, args: Arguments): Promise<object> {
    this.learning = signal();
    try {
      return await handler(args);
    } finally {
      this.learning.end();
    }
  }
}

function signal(): Signal {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end };
}

/** @returns undefined for an endpoint below a path, to which the whole way is left */
function originOf(request: unknown, region: string): Origin | undefined {
  const { protocol, hostname, port, path, headers } = request as {
    protocol: string;
    hostname: string;
    port?: number;
    path: string;
    headers: Record<string, string>;
  };
  if (path !== '/') return undefined;
  // The SDK also says it in `x-amz-user-agent`, which would have to be signed, as all headers of that prefix.
  const [, userAgent] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent') ?? [];
  return { protocol, hostname, port, userAgent, signer: new Signer(region) };
}

async function call(
  { protocol, hostname, port, userAgent, signer }: Origin,
  credentials: Credentials,
  operation: string,
  input: object,
  send: Send,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const target = `${SERVICE_TARGET}.${operation}`;
  const headers = {
    ...signer.headers({ host, target, body }, credentials, new Date()),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  };
  const request = { protocol, hostname, port, path: '/', method: 'POST', query: {}, headers, body };
  const { status, text } = await answerOf(send, request);
  if (status !== 200) throw exceptionOf(status, text);
  return JSON.parse(text);
}

async function answerOf(send: Send, request: object): Promise<{ status: number; text: string }> {
  try {
    const { response } = await send({ request });
    const { statusCode, body } = response as HttpAnswer;
    return { status: statusCode, text: await textOf(body) };
  } catch (error) {
    // As the SDK's own chain marks a call that no whole answer came to: with metadata, and without a status in them.
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      $metadata: { attempts: 1 },
    });
  }
}

/**
 * The SDK's exception for an answer such as `{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException",
 * "message": "…"}`, with its further members.
 */
function exceptionOf(status: number, text: string): DynamoDBServiceException {
  const { __type: type, message, Message, ...members } = bodyOf(text);
  const exception = new DynamoDBServiceException({
    name: String(type ?? 'UnknownError').replace(/^.*#/, ''),
    message: String(message ?? Message ?? `DynamoDB answered ${status}.`),
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, attempts: 1 },
  });
  return Object.assign(exception, members);
}

/** Whatever stands between here and DynamoDB may answer something else than JSON. */
function bodyOf(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}

async function textOf(body: HttpAnswer['body']): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
