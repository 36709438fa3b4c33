import type { Place, RowFault } from './rows';
import type { MappingOutcome, SettingsOutcome } from './write-configuration';
import type { GroupOutcome } from './write-groups';
import type { UserOutcome } from './write-users';

/** A row that is not imported, or not as it stands in the file. */
export interface ImportProblem extends Place {
  /**
   * `fault`: the file is wrong; `conflict`: what is there contradicts it; `leftOut`: a member that is neither a user
   * nor a group.
   */
  readonly kind: 'fault' | 'conflict' | 'leftOut';
  /** What is wrong, and what is accepted. */
  readonly detail: string;
}

/** What an import has done, or would do. */
export interface ImportResult {
  readonly tenantId: string;
  /** Whether anything was to be written: a file with faults is not applied. */
  readonly applied: boolean;
  readonly rows: number;
  readonly faults: number;
  /** `linked`: users who were there and got their appId. */
  readonly users: { readonly created: number; readonly existing: number; readonly linked: number };
  readonly groups: { readonly created: number; readonly existing: number };
  readonly members: { readonly named: number; readonly added: number; readonly existing: number };
  readonly roles: { readonly created: number; readonly existing: number };
  /** How many of them, by name. */
  readonly settings: { readonly changed: number; readonly existing: number };
  readonly conflicts: number;
  readonly leftOut: number;
}

/** Counts what becomes of rows, and tells of those that are not imported. */
export class Counts {
  rows = 0;
  faults = 0;
  private readonly users = { created: 0, existing: 0, linked: 0 };
  private readonly groups = { created: 0, existing: 0 };
  readonly roles = { created: 0, existing: 0 };
  private readonly settings = { changed: 0, existing: 0 };
  private readonly membersOf = { named: 0, added: 0, existing: 0 };
  private conflicts = 0;
  private leftOut = 0;

  constructor(private readonly input: { readonly onProblem?: (problem: ImportProblem) => void }) {}

  fault({ kind: _kind, ...fault }: RowFault): void {
    this.faults++;
    this.input.onProblem?.({ kind: 'fault', ...fault });
  }

  conflict({ line }: Place, detail: string): void {
    this.conflicts++;
    this.input.onProblem?.({ kind: 'conflict', line, detail });
  }

  user(row: Place, outcome: UserOutcome | undefined): void {
    if (outcome === undefined) return;
    if (outcome.outcome === 'conflict') this.conflict(row, outcome.detail);
    else this.users[outcome.outcome]++;
  }

  group(row: Place, outcome: GroupOutcome): void {
    if (outcome.outcome === 'conflict') this.conflict(row, outcome.detail);
    else this.groups[outcome.outcome]++;
  }

  mapping(row: Place, outcome: MappingOutcome): void {
    if (outcome.outcome === 'conflict') this.conflict(row, outcome.detail);
    else this.roles[outcome.outcome]++;
  }

  chosen(row: Place, { changed, existing, conflict }: SettingsOutcome): void {
    this.settings.changed += changed;
    this.settings.existing += existing;
    if (conflict !== undefined) this.conflict(row, conflict);
  }

  named(members: number): void {
    this.membersOf.named += members;
  }

  members(
    { line }: Place,
    { added, existing, leftOut }: { added: number; existing: number; leftOut: readonly string[] },
  ) {
    this.membersOf.added += added;
    this.membersOf.existing += existing;
    for (const id of leftOut) {
      this.leftOut++;
      const detail = `The member ${JSON.stringify(id.slice(0, 100))} is neither a user nor a group of the tenant.`;
      this.input.onProblem?.({ kind: 'leftOut', line, detail });
    }
  }

  result(tenantId: string, applied: boolean): ImportResult {
    const { rows, faults, users, groups, membersOf: members, roles, settings, conflicts, leftOut } = this;
    return { tenantId, applied, rows, faults, users, groups, members, roles, settings, conflicts, leftOut };
  }
}
