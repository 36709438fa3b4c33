/** What a console works on. */
export interface About {
  /** A deployed stack by its name, or the local run. */
  readonly target: string;
  /** Whom the provisioning log names for what is done here. */
  readonly actor: string;
  /** Base URL of the SCIM API, where it is known. */
  readonly baseUrl?: string;
  /** What the commands begin with, as in `npx serverless-scim admin`. */
  readonly admin: string;
  /** What leads them to the same target, as in `--stack Scim`; empty for the local run. */
  readonly options: string;
  readonly hasPlayground: boolean;
  /** What the settings of a tenant are. */
  readonly settings: readonly {
    readonly name: string;
    readonly purpose: string;
    /** What is accepted, in words. */
    readonly accepted: string;
    /** All that is accepted, where it is one of some. */
    readonly values?: readonly string[];
  }[];
}

/** A mark in the table: work that waits. */
export interface PendingMark {
  readonly tenantId: string;
  readonly kind: 'User' | 'Group' | 'Tenant';
  readonly id: string;
  readonly work: 'revocation' | 'cleanup' | 'change' | 'access';
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** What waits behind the requests. */
export interface System {
  readonly pending: {
    /** The oldest of them first. */
    readonly first: readonly PendingMark[];
    readonly total: number;
    /** Whether there are more than were counted. */
    readonly hasMore: boolean;
  };
  /** Messages by function; absent for a table alone. */
  readonly deadLetters?: readonly { readonly function: string; readonly messages: number }[];
}

/** How far a long work has come. */
export interface Job {
  readonly jobId: string;
  readonly work: string;
  /** What it is about, as its command has it. */
  readonly command: string;
  readonly state: 'running' | 'done' | 'failed';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** What has been done, of how much where that is known. */
  readonly done: number;
  readonly total?: number;
  /** The last thing that it told. */
  readonly note?: string;
  /** Why it failed, in a sentence. */
  readonly failure?: string;
  readonly outcome?: Outcome;
}

/** What a work has come to. */
export type Outcome =
  | { readonly of: 'check'; readonly check: CheckOutcome }
  | { readonly of: 'undo'; readonly undo: UndoOutcome }
  | { readonly of: 'redrive'; readonly counts: Readonly<Record<string, number>> }
  | { readonly of: 'removal'; readonly items: number }
  | { readonly of: 'verify'; readonly results: readonly VerifiedRow[] };

export interface CheckOutcome {
  readonly scanned: number;
  readonly tenants: number;
  readonly findings: readonly {
    readonly code: string;
    readonly tenantId?: string;
    readonly item: string;
    readonly detail?: string;
    readonly means: string;
    readonly repair: string;
    readonly outcome: string;
  }[];
}

export interface UndoOutcome {
  readonly applied: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** The first of them. */
  readonly changes: readonly {
    readonly what: string;
    readonly userId?: string;
    readonly groupId?: string;
    readonly memberId?: string;
    readonly outcome: string;
    readonly reason?: string;
  }[];
  readonly hasMore: boolean;
}

export interface VerifiedRow {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** An identity provider that the playground can play. */
export interface PlaygroundProvider {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly { readonly id: string; readonly title: string; readonly about: string }[];
}

/** A request as it was sent, and its answer. */
export interface PlaygroundAnswer {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  readonly status: number;
  readonly responseBody: string;
  readonly milliseconds: number;
  /** The user that the steps are about, once there is one. */
  readonly userId?: string;
}

/** What followed behind the requests. */
export interface PlaygroundFeed {
  readonly tenantId: string;
  readonly events: readonly {
    readonly number: number;
    /** ISO 8601, UTC. */
    readonly time: string;
    readonly type: string;
    readonly detail: string;
  }[];
  /** The session that the app has issued to the user of the steps. */
  readonly session?: { readonly active: boolean; readonly reason?: string };
}
