import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type LocalCaller, localArn } from '../account';
import { LocalError } from '../local-error';
import { Authorizers } from './authorizer';
import { chosenRequestId, type GatewayRequest, gatewayRequest } from './gateway-request';
import { type GatewayContext, type GatewayResponseType, gatewayAnswer } from './gateway-responses';
import { headerOf } from './header';
import { IamAuthorizer } from './iam-authorization';
import { type Authorized, proxyEvent } from './proxy-event';
import { type HttpAnswer, readProxyResponse } from './proxy-response';
import { parseQueryString } from './query';
import { MAX_BODY_BYTES, readBody } from './request-body';
import { plainAnswer, refusalOfArn, refusalOfForm } from './request-limits';
import type { MethodTarget, RestApi } from './rest-api';
import { sendAnswer } from './send-answer';
import { Throttle } from './throttle';
import { refuseConnect, refuseUnreadable } from './unreadable-request';
import type { UsagePlans } from './usage-plans';

/** What is told about a request when it has been answered. */
export interface RequestReport {
  readonly method: string;
  /** Path without the query: filters hold user names. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly authorizer: Readonly<Record<string, string>> | undefined;
  /** Why the gateway answered by itself. */
  readonly reason: string | undefined;
}

export interface GatewayOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Who may sign requests where IAM decides, besides the local run's own credentials. */
  readonly callers?: readonly LocalCaller[];
  /** By which requests are counted where a method asks for a key. */
  readonly usagePlans: UsagePlans;
  readonly onRequest: (report: RequestReport) => void;
}

/** What went out, and what is known about the request for its report. */
interface Outcome {
  readonly answer: HttpAnswer;
  readonly authorizer?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** Serves a REST API's stage over HTTP on loopback. */
export class Gateway {
  private readonly authorizers = new Authorizers();
  private readonly iam: IamAuthorizer;
  private readonly throttle: Throttle;

  private constructor(
    private readonly api: RestApi,
    private readonly server: Server,
    private readonly options: GatewayOptions,
  ) {
    this.throttle = new Throttle(api.throttles);
    this.iam = new IamAuthorizer(options.callers);
  }

  /** @throws LocalError when the port is taken */
  static async start(api: RestApi, options: GatewayOptions): Promise<Gateway> {
    const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 64 * 1024 });
    const gateway = new Gateway(api, server, options);
    server.on('request', (request, response) => void gateway.serve(request, response));
    server.on('clientError', (error, socket) => refuseUnreadable(api, error, socket));
    server.on('connect', (_request, socket) => refuseConnect(api, socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'EADDRINUSE' ? new LocalError(portTaken(options.port)) : error);
      });
      server.listen(options.port, '127.0.0.1', resolve);
    });
    return gateway;
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.options.port;
  }

  /** `FlushStageAuthorizersCache`. False when there is no such API or stage. */
  flushAuthorizers(restApiId: string, stage: string): boolean {
    if (restApiId !== this.api.id || stage !== this.api.stage) return false;
    this.authorizers.flush();
    return true;
  }

  /** Stops listening and closes every connection. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const method = incoming.method ?? 'GET';
    const extendedRequestId = randomUUID();
    const requestId = chosenRequestId(incoming) ?? extendedRequestId;
    const context: GatewayContext = {
      requestId,
      extendedRequestId,
      httpMethod: method,
      path,
      stage: this.api.stage,
      identity: { sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1' },
    };
    try {
      const body = await readBody(incoming);
      const outcome =
        body === undefined
          ? this.ownAnswer(
              'REQUEST_TOO_LARGE',
              context,
              `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.`,
            )
          : await this.answer(
              gatewayRequest(incoming, path, body, context),
              mark < 0 ? '' : url.slice(mark + 1),
              context,
            );
      sendAnswer(incoming, response, outcome.answer, {
        context,
        minimumCompressionSize: this.api.minimumCompressionSize,
        isLast: !incoming.complete,
      });
      this.options.onRequest({
        method,
        path,
        status: outcome.answer.status,
        milliseconds: performance.now() - started,
        authorizer: outcome.authorizer,
        reason: outcome.reason,
      });
    } catch (error) {
      // The client went away in the middle of its request, or a defect of the gateway: there is nobody, or nothing
      // sensible, to answer.
      if (!response.headersSent) response.writeHead(500);
      response.end();
      if (!incoming.destroyed || incoming.complete) console.error(error);
    }
  }

  private async answer(
    request: GatewayRequest,
    queryText: string,
    context: GatewayContext,
  ): Promise<Outcome> {
    const { api } = this;
    const url = queryText === '' ? request.path : `${request.path}?${queryText}`;
    const refusal = refusalOfForm(url, request.rawHeaders);
    if (refusal !== undefined) return refusal;
    const prefix = `/${api.stage}`;
    if (request.path !== prefix && !request.path.startsWith(`${prefix}/`)) {
      // Another stage: the front door refuses before any API is known, so that no gateway response applies.
      return { answer: plainAnswer(403, '{"message":"Forbidden"}'), reason: `no stage but "${api.stage}"` };
    }
    const blocked = api.firewall.blocks(request);
    if (blocked !== undefined) return { answer: blocked.answer, reason: `web ACL: ${blocked.rule}` };
    const stagePath = request.path.slice(prefix.length) || '/';
    const query = attempt(() => parseQueryString(queryText));
    if (query === undefined || attempt(() => decodeURIComponent(stagePath)) === undefined) {
      return this.ownAnswer('BAD_REQUEST_PARAMETERS', context);
    }
    const match = api.routes.match(request.method, stagePath);
    if (match === undefined) {
      // A request without a route is held for one to AWS's own API: one that has an Authorization header for a badly
      // signed one.
      const type =
        headerOf(request.rawHeaders, 'authorization') === undefined
          ? 'MISSING_AUTHENTICATION_TOKEN'
          : 'INVALID_SIGNATURE';
      return this.ownAnswer(type, context);
    }
    const { resourcePath, target } = match.route;
    if (!this.throttle.admits(request.method, resourcePath)) return this.ownAnswer('THROTTLED', context);
    const methodArn = this.methodArn(request, stagePath);
    const isOpen = target.authorizer === undefined && !target.isIam;
    const tooLong = isOpen ? undefined : refusalOfArn(methodArn);
    if (tooLong !== undefined) return tooLong;
    const authorized = target.isIam
      ? await this.authorizeByIam(request, queryText, methodArn, context)
      : await this.authorize(request, methodArn, target, context);
    if ('answer' in authorized) return authorized;
    const uncounted = target.isCounted ? this.count(request, authorized, context) : undefined;
    if (uncounted !== undefined) return uncounted;
    const { authorizer } = authorized;
    const event = proxyEvent(request, stagePath, query, match, api, authorized);
    const outcome = await this.integrate(target, event, { ...context, resourcePath, authorizer });
    return { ...outcome, authorizer };
  }

  private methodArn(request: GatewayRequest, stagePath: string): string {
    const { id, stage } = this.api;
    return localArn('execute-api', `${id}/${stage}/${request.method}/${stagePath.slice(1)}`);
  }

  /** Who was let in by the token authorizer, or what is answered in place of the API. */
  private async authorize(
    request: GatewayRequest,
    methodArn: string,
    { authorizer }: MethodTarget,
    context: GatewayContext,
  ): Promise<Authorized | Outcome> {
    if (authorizer === undefined) return {};
    const token = headerOf(request.rawHeaders, authorizer.header);
    const authorization = await this.authorizers.authorize(authorizer, token, methodArn);
    switch (authorization.kind) {
      case 'allowed':
        return { authorizer: authorization.context, usageKey: authorization.usageKey };
      case 'unauthorized':
        return this.ownAnswer('UNAUTHORIZED', context);
      case 'denied':
        return this.ownAnswer('ACCESS_DENIED', context, authorization.message);
      case 'misconfigured':
        return this.ownAnswer('AUTHORIZER_CONFIGURATION_ERROR', context, undefined, authorization.reason);
      case 'failed':
        return this.ownAnswer('AUTHORIZER_FAILURE', context, undefined, authorization.reason);
    }
  }

  /** What is answered in place of the API by a usage plan. The authorizer comes first, since it may name the key. */
  private count(
    request: GatewayRequest,
    { usageKey, authorizer }: Authorized,
    context: GatewayContext,
  ): Outcome | undefined {
    const { id, stage, apiKeySource } = this.api;
    const key = apiKeySource === 'AUTHORIZER' ? usageKey : headerOf(request.rawHeaders, 'x-api-key');
    const counted = this.options.usagePlans.count(key, `${id}/${stage}`);
    if (counted === 'admitted') return undefined;
    const type = counted === 'throttled' ? 'THROTTLED' : 'INVALID_API_KEY';
    return { ...this.ownAnswer(type, context), authorizer };
  }

  /** Who was let in by IAM, or what is answered in place of the API. */
  private async authorizeByIam(
    request: GatewayRequest,
    queryText: string,
    methodArn: string,
    context: GatewayContext,
  ): Promise<Authorized | Outcome> {
    const authorization = await this.iam.authorize(request, queryText, methodArn);
    if (authorization.kind === 'allowed') return { caller: authorization.caller };
    return this.ownAnswer(authorization.type, context, authorization.message);
  }

  private async integrate(target: MethodTarget, event: object, context: GatewayContext): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), target.timeoutMs);
    });
    const invocation = await Promise.race([target.function.invoke(event), timeout]);
    clearTimeout(timer);
    if (invocation === 'timeout') return this.ownAnswer('INTEGRATION_TIMEOUT', context);
    if (invocation.kind === 'tooLarge') return this.ownAnswer('REQUEST_TOO_LARGE', context);
    if (invocation.kind === 'error') {
      return this.ownAnswer('MALFORMED_PROXY_RESPONSE', context, undefined, invocation.error.errorMessage);
    }
    const answer = readProxyResponse(invocation.json);
    return answer === undefined
      ? this.ownAnswer('MALFORMED_PROXY_RESPONSE', context, undefined, 'malformed Lambda proxy response')
      : { answer };
  }

  /** @param reason for the terminal; the type when absent */
  private ownAnswer(
    type: GatewayResponseType,
    context: GatewayContext,
    message?: string,
    reason: string = type,
  ): Outcome {
    const { status, headers, body } = gatewayAnswer(type, this.api.responses, context, message);
    return { answer: { status, headers: [...headers], body: Buffer.from(body) }, reason };
  }
}

function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const portTaken = (port: number) =>
  `Port ${port} is taken; start with --port 0 to have a free one picked, or with --port and another number.`;
