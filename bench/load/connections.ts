import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** A SCIM server under load. */
export interface Target {
  readonly baseUrl: string;
  readonly token: string;
}

/** What came back, and how long it took. */
export interface Answer {
  readonly status: number;
  readonly milliseconds: number;
  readonly body: string;
}

/** A request, relative to the base URL. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Status of an answer that did not come: the connection broke. */
export const NO_ANSWER = 599;

const MAX_TRIES = 20;

/** Some keep-alive connections to a server, each with one request at a time, as an identity provider has them. */
export class Connections {
  private readonly agent: Agent | SecureAgent;
  private readonly base: URL;
  /** How often the server said 429; such a request is repeated after `Retry-After`, as identity providers do. */
  throttled = 0;

  constructor(
    private target: Target,
    readonly count: number,
  ) {
    this.base = new URL(target.baseUrl);
    const options = { keepAlive: true, maxSockets: count };
    this.agent = this.base.protocol === 'https:' ? new SecureAgent(options) : new Agent(options);
  }

  /** Goes on with another directory of the same server. */
  turnTo(target: Target): void {
    this.target = target;
  }

  /** Has every input done by one of the connections. */
  async forEach<Input>(inputs: readonly Input[], task: (input: Input) => Promise<void>): Promise<void> {
    const waiting = inputs.values();
    const lane = async () => {
      for (const input of waiting) await task(input);
    };
    await Promise.all(Array.from({ length: Math.min(this.count, inputs.length) }, lane));
  }

  /** Sends a request. Its time is that of the last try, without the pauses that the server asked for. */
  async send(request: Request): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const { answer, retryAfter } = await this.sendOnce(request);
      if (answer.status !== 429 || attempt === MAX_TRIES) return answer;
      this.throttled += 1;
      await delay(1_000 * (retryAfter ?? 1));
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private sendOnce({
    method,
    path,
    body,
  }: Request): Promise<{ answer: Answer; retryAfter: number | undefined }> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const started = performance.now();
    const send = this.base.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      agent: this.agent,
      method,
      headers: {
        authorization: `Bearer ${this.target.token}`,
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(payload) }),
      },
    };
    return new Promise((resolve) => {
      const failed = (error: Error) =>
        resolve({
          answer: { status: NO_ANSWER, milliseconds: performance.now() - started, body: error.message },
          retryAfter: undefined,
        });
      const outgoing = send(`${this.target.baseUrl}${path}`, options, (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', failed);
        incoming.once('end', () => {
          const answer = {
            status: incoming.statusCode ?? 0,
            milliseconds: performance.now() - started,
            body: Buffer.concat(chunks).toString(),
          };
          const seconds = Number(incoming.headers['retry-after']);
          resolve({ answer, retryAfter: seconds > 0 ? seconds : undefined });
        });
      });
      outgoing.once('error', failed);
      outgoing.end(payload);
    });
  }
}
