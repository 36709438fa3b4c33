import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../../src/directory/table/keys';
import { isJsonObject, type JsonObject } from '../../src/scim/json';
import { SessionRefused, type SessionStore } from '../../src/sessions';
import { type Answer, type Client, patchBody, userBody } from '../integration/client';

/** What a lane knows of a user of its own: what was acknowledged, or seen afterwards when an answer was lost. */
export interface KnownUser {
  readonly id: string;
  readonly userName: string;
  active: boolean;
  title: string | undefined;
  deleted: boolean;
  /** Session tokens that must be alive. */
  live: string[];
  /** Session tokens that must be dead, for ever. */
  dead: string[];
}

export interface Surroundings {
  readonly scim: Client;
  readonly sessions: SessionStore;
  readonly tenant: TenantId;
  /** A number from 0 to 1, reproducible. */
  readonly random: () => number;
}

/** Answers after which the write may have happened or not: the function, the engine or the time went away. */
const UNCERTAIN = new Set([429, 500, 502, 503, 504]);
/**
 * The embedded engine forgets transaction tokens when it is killed (DynamoDB keeps them for ten minutes): a
 * transaction whose answer was lost is tried again and meets what it has written itself. A client sees a conflict,
 * looks, and finds what it wanted.
 */
const MET_ITSELF_CREATING = 409;
const MET_ITSELF_DELETING = 404;
/** A killed function's last call may still be on its way to the engine. */
const SETTLE_MS = 250;
const RECOVERY_MS = 60_000;

/**
 * One sequence of operations on users and a group of its own, one after the other, so that it always knows what the
 * table must hold. An operation whose answer was lost is looked up: either all of it has happened or nothing.
 */
export class Lane {
  readonly users: KnownUser[] = [];
  readonly members = new Set<string>();
  group = '';
  /** Operations that were acknowledged, and those whose answer was lost. */
  acknowledged = 0;
  lost = 0;
  /** What contradicts a promise. */
  readonly faults: string[] = [];

  constructor(private readonly around: Surroundings) {}

  /** Does one operation, chosen at random. */
  async step(): Promise<void> {
    const chance = this.around.random();
    const user = this.pick();
    if (this.group === '') return this.createGroup();
    if (user === undefined || chance < 0.15) return this.createUser();
    if (chance < 0.35) return this.setTitle(user);
    if (chance < 0.55) return this.setActive(user, !user.active);
    if (chance < 0.6) return this.deleteUser(user);
    if (chance < 0.7) return this.setMember(user, !this.members.has(user.id));
    if (chance < 0.9) return this.issue(user);
    return this.verifyAll(user);
  }

  private pick(): KnownUser | undefined {
    const living = this.users.filter(({ deleted }) => !deleted);
    return living[Math.floor(this.around.random() * living.length)];
  }

  private async createGroup(): Promise<void> {
    const displayName = `group-${randomUUID()}`;
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName };
    const answer = await this.send('POST', '/Groups', body);
    if (answer?.status === 201) this.group = String(answer.body.id);
    else this.group = await this.idOf('Groups', `displayName eq "${displayName}"`);
  }

  private async createUser(): Promise<void> {
    const userName = `${randomUUID()}@example.com`;
    const answer = await this.send('POST', '/Users', userBody(userName));
    if (answer !== undefined && ![201, MET_ITSELF_CREATING].includes(answer.status)) {
      this.fault(`POST /Users was answered ${answer.status}`);
    }
    const id =
      answer?.status === 201 ? String(answer.body.id) : await this.idOf('Users', `userName eq "${userName}"`);
    if (id === '') return;
    this.users.push({ id, userName, active: true, title: undefined, deleted: false, live: [], dead: [] });
  }

  private async setTitle(user: KnownUser): Promise<void> {
    const title = randomUUID();
    const answer = await this.send(
      'PATCH',
      `/Users/${user.id}`,
      patchBody({ op: 'replace', path: 'title', value: title }),
    );
    if (answer === undefined) return this.lookUp(user, (seen) => [user.title, title].includes(seen.title));
    if (this.expect(answer, 200, user)) user.title = title;
  }

  private async setActive(user: KnownUser, active: boolean): Promise<void> {
    const operation = { op: 'Replace', path: 'active', value: active ? 'True' : 'False' };
    const answer = await this.send('PATCH', `/Users/${user.id}`, patchBody(operation));
    if (answer === undefined) return this.lookUp(user, () => true);
    if (!this.expect(answer, 200, user)) return;
    this.changed(user, active);
    await this.verifyAll(user);
  }

  private async deleteUser(user: KnownUser): Promise<void> {
    const answer = await this.send('DELETE', `/Users/${user.id}`);
    if (answer === undefined || answer.status === MET_ITSELF_DELETING) await this.lookUp(user, () => true);
    else if (this.expect(answer, 204, user)) user.deleted = true;
    if (!user.deleted) return;
    this.members.delete(user.id);
    this.changed(user, false);
    await this.verifyAll(user);
  }

  private async setMember(user: KnownUser, member: boolean): Promise<void> {
    const operation = member
      ? { op: 'add', path: 'members', value: [{ value: user.id }] }
      : { op: 'remove', path: `members[value eq "${user.id}"]` };
    const answer = await this.send('PATCH', `/Groups/${this.group}`, patchBody(operation));
    let isMember = member;
    if (answer === undefined) isMember = (await this.membersSeen()).has(user.id);
    else if (answer.status !== 204) this.fault(`PATCH /Groups was answered ${answer.status}: ${answer.text}`);
    if (isMember) this.members.add(user.id);
    else this.members.delete(user.id);
  }

  private async issue(user: KnownUser): Promise<void> {
    try {
      const { sessionToken } = await this.around.sessions.issue(this.around.tenant, user.id);
      if (!user.active) this.fault(`an inactive user got a session: ${user.id}`);
      user.live.push(sessionToken);
      this.acknowledged++;
    } catch (error) {
      if (!(error instanceof SessionRefused)) this.lost++;
      else if (user.active) this.fault(`an active user was refused a session: ${error.reason}`);
    }
  }

  /** Every token is what it must be, at this very moment. */
  async verifyAll(user: KnownUser): Promise<void> {
    const isAlive = async (token: string) => {
      try {
        return (await this.around.sessions.verify(token)).active;
      } catch {
        // The engine is away: nothing was answered, nothing was promised.
        return undefined;
      }
    };
    for (const token of user.dead)
      if ((await isAlive(token)) === true) this.fault(`a dead session of ${user.id} lives`);
    for (const token of user.live)
      if ((await isAlive(token)) === false) this.fault(`a live session of ${user.id} died`);
  }

  /** Compares everything that is known with what the service answers. */
  async compare(): Promise<void> {
    for (const user of this.users) {
      const answer = await this.read(`/Users/${user.id}`);
      if (user.deleted !== (answer.status === 404))
        this.fault(`GET ${user.id} was answered ${answer.status}`);
      if (user.deleted) continue;
      const { active, title } = answer.body;
      if (active !== user.active || title !== user.title)
        this.fault(`${user.id} is not as it was acknowledged`);
      await this.verifyAll(user);
    }
    if (this.group === '') return;
    const seen = [...(await this.membersSeen())].sort();
    if (JSON.stringify(seen) !== JSON.stringify([...this.members].sort()))
      this.fault(`the members of ${this.group} differ`);
  }

  /** A change of `active` ends the sessions that there are; a reactivation leaves them ended. */
  private changed(user: KnownUser, active: boolean): void {
    if (user.active && !active) {
      user.dead.push(...user.live);
      user.live = [];
    }
    user.active = active;
  }

  private async lookUp(
    user: KnownUser,
    isPossible: (seen: { title: string | undefined }) => boolean,
  ): Promise<void> {
    const { status, body } = await this.read(`/Users/${user.id}`);
    if (status === 404) {
      user.deleted = true;
      return;
    }
    const title = typeof body.title === 'string' ? body.title : undefined;
    if (!isPossible({ title })) this.fault(`${user.id} has a title that nobody gave it`);
    user.title = title;
    this.changed(user, body.active === true);
  }

  private async membersSeen(): Promise<Set<string>> {
    const { body } = await this.read(`/Groups/${this.group}`);
    return new Set(listOf(body.members).map(({ value }) => String(value)));
  }

  private async idOf(type: string, filter: string): Promise<string> {
    const { body } = await this.read(`/${type}?filter=${encodeURIComponent(filter)}`);
    const [found] = listOf(body.Resources);
    return found === undefined ? '' : String(found.id);
  }

  /** @returns undefined when it is not known whether it has happened */
  private async send(method: string, path: string, body?: JsonObject): Promise<Answer | undefined> {
    const answer = await this.around.scim(method, path, body).catch(() => undefined);
    if (answer !== undefined && !UNCERTAIN.has(answer.status)) {
      this.acknowledged++;
      return answer;
    }
    this.lost++;
    await delay(SETTLE_MS);
    return undefined;
  }

  /** Reads, however often it takes. */
  private async read(path: string): Promise<Answer> {
    for (const giveUp = Date.now() + RECOVERY_MS; ; await delay(SETTLE_MS)) {
      const answer = await this.around.scim('GET', path).catch(() => undefined);
      if (answer !== undefined && !UNCERTAIN.has(answer.status)) return answer;
      if (Date.now() > giveUp) throw new Error(`GET ${path} was not answered within ${RECOVERY_MS} ms.`);
    }
  }

  private expect({ status, text }: Answer, wanted: number, { id }: KnownUser): boolean {
    if (status !== wanted)
      this.fault(`a request for ${id} was answered ${status} in place of ${wanted}: ${text}`);
    return status === wanted;
  }

  private fault(text: string): void {
    this.faults.push(text);
  }
}

const listOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter((element): element is JsonObject => isJsonObject(element)) : [];
