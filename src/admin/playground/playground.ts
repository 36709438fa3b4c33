import { randomBytes } from 'node:crypto';
import { readTenantId } from '../../directory/tenants/tenants';
import { isJsonObject, type JsonObject } from '../../scim/json';
import { type SessionCheck, SessionStore } from '../../sessions';
import type { Deployment } from '../deployment';
import { AdminError } from '../errors';
import { FIRST_NAME, type Played, type PlayedProvider, type PlayedRequest, type PlayedStep } from './played';
import { PLAYED_PROVIDERS } from './providers';

/** Where the requests go. */
export interface PlaygroundTarget {
  readonly tenantId: string;
  /** A write token of the tenant. */
  readonly token: string;
  /** What the functions have put on the bus so far, the first one first. */
  events(): readonly PlaygroundEvent[];
}

/** An event that a request led to. */
export interface PlaygroundEvent {
  /** Counts up, so that one can ask for what came since. */
  readonly number: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly type: string;
  /** JSON. */
  readonly detail: string;
}

/** A request as it was sent, and what came of it. */
export interface PlayedAnswer {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  readonly status: number;
  readonly responseBody: string;
  readonly milliseconds: number;
  readonly userId?: string;
}

/** The app signs the user in: no identity provider's request, but what a deactivation is about. */
const SIGN_IN = {
  id: 'sign-in',
  title: 'Your app: the user signs in',
  about: 'Issues a session, which the deactivation ends.',
} as const;

/**
 * Plays identity providers on a local run, for whoever wants to see what the service does: each step sends one request
 * as the identity provider writes it.
 *
 * @example
 * const playground = new Playground(deployment, { tenantId: 'dev', token, events: () => events });
 * const { status } = await playground.send('entra', 'create'); // 201
 */
export class Playground {
  /** By identity provider. */
  private readonly played = new Map<string, Played>();
  private sessionToken: string | undefined;

  constructor(
    private readonly deployment: Deployment,
    private readonly target: PlaygroundTarget,
  ) {}

  providers(): readonly (Pick<PlayedProvider, 'id' | 'name'> & {
    steps: readonly Pick<PlayedStep, 'id' | 'title' | 'about'>[];
  })[] {
    return PLAYED_PROVIDERS.map(({ id, name, steps }) => ({
      id,
      name,
      steps: steps.flatMap(({ id, title, about, makes }) => [
        { id, title, about },
        ...(makes === 'user' ? [SIGN_IN] : []),
      ]),
    }));
  }

  /** @throws AdminError notFound for a step that there is not; failed when the service cannot be reached */
  async send(providerId: string, stepId: string): Promise<PlayedAnswer> {
    const provider = PLAYED_PROVIDERS.find(({ id }) => id === providerId);
    if (provider === undefined)
      throw new AdminError('notFound', `Nobody plays ${JSON.stringify(providerId)} here.`);
    const played = this.played.get(providerId) ?? newlyPlayed(providerId);
    if (stepId === SIGN_IN.id) return this.signIn(played);
    const step = provider.steps.find(({ id }) => id === stepId);
    if (step === undefined)
      throw new AdminError('notFound', `${provider.name} has no step ${JSON.stringify(stepId)}.`);
    if (
      step.needs !== undefined &&
      (played.userId === undefined || (step.needs === 'group' && played.groupId === undefined))
    )
      throw new AdminError(
        'invalidInput',
        `Make the ${played.userId === undefined ? 'user' : 'group'} first: the step is about it.`,
      );
    const asked = { ...played, ...step.becomes };
    const request = step.request(asked);
    const answer = await this.request(provider, request);
    const next = answer.status < 300 ? after(step, asked, answer) : played;
    this.played.set(providerId, next ?? newlyPlayed(providerId));
    const { method, path, body } = request;
    return {
      method,
      path,
      requestHeaders: { authorization: 'Bearer scim_…', ...provider.headers },
      ...(body === undefined ? {} : { requestBody: JSON.stringify(body, undefined, 2) }),
      status: answer.status,
      responseBody: pretty(answer.text),
      milliseconds: Math.round(answer.milliseconds),
      userId: next?.userId ?? played.userId,
    };
  }

  /** What came since, and how the session stands. */
  async feed(afterNumber = 0): Promise<{
    readonly tenantId: string;
    readonly events: readonly PlaygroundEvent[];
    readonly session?: { readonly active: boolean; readonly reason?: string };
  }> {
    const events = this.target.events().filter(({ number }) => number > afterNumber);
    const check = await this.checkSession();
    return {
      tenantId: this.target.tenantId,
      events,
      ...(check === undefined
        ? {}
        : { session: check.active ? { active: true } : { active: false, reason: check.reason } }),
    };
  }

  private async checkSession(): Promise<SessionCheck | undefined> {
    if (this.sessionToken === undefined) return undefined;
    return new SessionStore(this.deployment.table).verify(this.sessionToken);
  }

  private async signIn({ userId }: Played): Promise<PlayedAnswer> {
    if (userId === undefined)
      throw new AdminError('invalidInput', 'Make the user first: the step is about it.');
    const tenant = readTenantId(this.target.tenantId);
    const started = performance.now();
    const call = {
      method: 'scim.sessions.issue',
      path: `('${tenant}', '${userId}')`,
      requestHeaders: {},
      userId,
    };
    try {
      const { sessionToken, session } = await new SessionStore(this.deployment.table).issue(tenant, userId);
      this.sessionToken = sessionToken;
      const responseBody = JSON.stringify({ sessionId: session.sessionId }, undefined, 2);
      return { ...call, status: 200, responseBody, milliseconds: Math.round(performance.now() - started) };
    } catch (error) {
      const responseBody = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { ...call, status: 0, responseBody, milliseconds: Math.round(performance.now() - started) };
    }
  }

  private async request(provider: PlayedProvider, { method, path, body }: PlayedRequest): Promise<Answer> {
    const started = performance.now();
    const url = `${this.deployment.baseUrl ?? ''}${path}`;
    try {
      const response = await fetch(url, {
        method,
        headers: { ...provider.headers, authorization: `Bearer ${this.target.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, text, milliseconds: performance.now() - started };
    } catch (error) {
      throw new AdminError('failed', `Nothing answers at ${url}: ${String(error)}`);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

function newlyPlayed(provider: string): Played {
  const key = randomBytes(3).toString('hex');
  const userName = `${provider}-${key}@example.com`;
  return { key, userName, givenName: FIRST_NAME, isActive: true, isMember: false };
}

/** What the answer of success has come to; absent once the user is gone, so that the story can be told again. */
function after({ makes, ends }: PlayedStep, played: Played, { text }: Answer): Played | undefined {
  if (ends === 'user') return undefined;
  if (ends === 'group') return { ...played, groupId: undefined, isMember: false };
  const { id } = objectOf(text);
  if (makes === undefined || typeof id !== 'string') return played;
  return makes === 'user' ? { ...played, userId: id } : { ...played, groupId: id, isMember: false };
}

function objectOf(text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function pretty(text: string): string {
  try {
    return text === '' ? '' : JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
