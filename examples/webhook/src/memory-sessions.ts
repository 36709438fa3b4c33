import type { OwnSessions } from './receiver';

/** Sessions of one process, in place of your store; what a test can look at. */
export class MemorySessions implements OwnSessions {
  private readonly users = new Map<string, Set<string>>();
  private readonly shut = new Set<string>();
  private readonly messages = new Set<string>();

  /** Begins a session. @returns false when the user may not log in */
  begin(tenantId: string, userId: string, session: string): boolean {
    const user = `${tenantId}/${userId}`;
    if (this.shut.has(user)) return false;
    this.users.set(user, (this.users.get(user) ?? new Set()).add(session));
    return true;
  }

  /** Whether a session lives. */
  lives(tenantId: string, userId: string, session: string): boolean {
    return this.users.get(`${tenantId}/${userId}`)?.has(session) === true;
  }

  async end(tenantId: string, userId: string): Promise<void> {
    this.users.delete(`${tenantId}/${userId}`);
  }

  async setMayLogIn(tenantId: string, userId: string, may: boolean): Promise<void> {
    if (may) this.shut.delete(`${tenantId}/${userId}`);
    else this.shut.add(`${tenantId}/${userId}`);
  }

  async isDone(messageId: string): Promise<boolean> {
    return this.messages.has(messageId);
  }

  async done(messageId: string): Promise<void> {
    this.messages.add(messageId);
  }
}
