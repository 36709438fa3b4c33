import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../src/scim/json';
import type { Request } from '../load/connections';
import {
  addMember,
  createGroup,
  createUser,
  getUser,
  groupsNamed,
  rename,
  setActive,
  usersNamed,
} from '../load/requests';
import { userNameOf } from '../resources';

/** A request and how it went. */
export interface Spent {
  readonly status: number;
  readonly milliseconds: number;
}

/** Between two requests: Entra ID's daily cycle, below the limit. */
const EVERY_MS = 300;
const FILLED_AT_ONCE = 4;

/** A tenant with its identity provider. */
export class Customer {
  private readonly userIds: string[] = [];
  private groupId = '';
  private worked = 0;

  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  /** Creates users and a group. */
  async fill(users: number): Promise<void> {
    this.groupId = await this.create(createGroup('Staff'));
    for (let n = 0; n < users; n += FILLED_AT_ONCE) {
      const batch = Array.from({ length: Math.min(FILLED_AT_ONCE, users - n) }, (_, k) => createUser(n + k));
      this.userIds.push(...(await Promise.all(batch.map((request) => this.create(request)))));
    }
  }

  /** Sends what Entra ID sends day by day, one request after the other, for so long. */
  async dailyWork(forMs: number): Promise<Spent[]> {
    const spent: Spent[] = [];
    for (const endsAt = Date.now() + forMs; Date.now() < endsAt; ) {
      spent.push(await this.send(this.nextOfTheDay()));
      // Uneven, so as not to keep step with anything.
      await delay(EVERY_MS * (0.5 + Math.random()));
    }
    return spent;
  }

  /** A filter that no index answers: every user is read and compared. */
  scan(): Promise<Spent> {
    const filter = encodeURIComponent('name.familyName co "nce 1" and not (title sw "Retail")');
    return this.send({ method: 'GET', path: `/Users?count=100&filter=${filter}` });
  }

  /** A change of a user. */
  change(): Promise<Spent> {
    return this.send(rename(this.anyUser(), `Adele Vance ${++this.worked}`));
  }

  /** A request with a token that nobody has, or any other. */
  async send({ method, path, body }: Request, token = this.token): Promise<Spent> {
    const started = performance.now();
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    await answer.arrayBuffer();
    return { status: answer.status, milliseconds: performance.now() - started };
  }

  private nextOfTheDay(): Request {
    const n = this.worked++;
    const id = this.anyUser();
    const day: readonly Request[] = [
      usersNamed(userNameOf(n % this.userIds.length)),
      rename(id, `Adele Vance ${n}`),
      getUser(id),
      groupsNamed('Staff'),
      addMember(this.groupId, id),
      setActive(id, n % 2 === 0),
    ];
    return day[n % day.length] ?? getUser(id);
  }

  private anyUser(): string {
    return this.userIds[this.worked % this.userIds.length] ?? '';
  }

  private async create({ method, path, body }: Request): Promise<string> {
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    const created: unknown = await answer.json();
    const id = isJsonObject(created) ? created.id : undefined;
    if (answer.status !== 201 || typeof id !== 'string')
      throw new Error(`A creation was answered ${answer.status}.`);
    return id;
  }
}
