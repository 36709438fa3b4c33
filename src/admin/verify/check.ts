import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import type { SessionStore } from '../../sessions';
import type { Deployment } from '../deployment';
import type { Latencies } from './latencies';
import type { ScimClient } from './scim-client';
import type { StackView } from './stack-view';

/** What a check found. One that found something wrong throws {@link CheckFailed}. */
export type Outcome =
  | { readonly kind: 'passed'; readonly detail: string }
  | { readonly kind: 'skipped'; readonly detail: string };

/** The deployment does not do what the check is about. */
export class CheckFailed extends Error {}

/** One row of the report. */
export interface Check {
  /** Subject and name, as in `errors.404`; `--only` takes either. */
  readonly id: string;
  /** What holds when the check passes. */
  readonly title: string;
  /**
   * `waiting`: from the start and beside all others, since it waits most of its time. `alone`: before the others,
   * since it measures. `last`: behind the others, since it disturbs them.
   */
  readonly runs?: 'waiting' | 'alone' | 'last';
  run(context: VerifyContext): Promise<Outcome>;
}

/** What checks work with. */
export interface VerifyContext {
  readonly deployment: Deployment;
  readonly baseUrl: string;
  readonly table: Table;
  readonly sessions: SessionStore;
  /** The stack's parts in AWS; undefined for the local run. */
  readonly stack: StackView | undefined;
  /** The temporary tenant that all checks share, and a second one that only some read. */
  readonly tenant: TenantId;
  readonly other: TenantId;
  /** Clients with a write token and a read token of the tenant, and a write token of the other one. */
  readonly scim: ScimClient;
  readonly reader: ScimClient;
  readonly otherScim: ScimClient;
  /** A client with any `Authorization` header, or without one. */
  clientWith(authorization: string | undefined): ScimClient;
  readonly latencies: Latencies;
  readonly limits: Limits;
  /** Whether the stage's throttle may be provoked. */
  readonly mayThrottle: boolean;
  /** @throws Interrupted when the run is interrupted meanwhile */
  pause(milliseconds: number): Promise<void>;
}

/** How long things may take, in milliseconds. */
export interface Limits {
  /** For what the stream drives: removed sessions, removed memberships. */
  readonly streamMs: number;
  /** For what a schedule drives: runs every minute, and leaves what is younger than a minute alone. */
  readonly sweepMs: number;
  /** For figures to arrive in CloudWatch. */
  readonly metricMs: number;
  /** For the slowest 1 % of the answers of each operation. */
  readonly answerMs: number;
  /** Requests of each operation that the latency is measured with. */
  readonly samples: number;
}

/** What the service promises, with the time that AWS needs to deliver it. */
export const DEFAULT_LIMITS: Limits = {
  streamMs: 60_000,
  sweepMs: 180_000,
  metricMs: 180_000,
  // The alarm on the latency fires above this (lib/observability.ts).
  answerMs: 3_000,
  samples: 20,
};

/** @example return passed('3 of 3 found'); */
export const passed = (detail = ''): Outcome => ({ kind: 'passed', detail });

/** @param reason why nothing was proven */
export const skipped = (reason: string): Outcome => ({ kind: 'skipped', detail: reason });

/** @throws CheckFailed */
export function fail(reason: string): never {
  throw new CheckFailed(reason);
}

const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 1_000;

/**
 * Waits until something holds.
 *
 * @param what named when it does not, as in "the session is still stored"
 * @returns milliseconds since the call
 * @throws CheckFailed when it does not hold within the time
 */
export async function until(
  { pause }: Pick<VerifyContext, 'pause'>,
  { holds, withinMs, what }: { holds: () => Promise<boolean>; withinMs: number; what: string },
): Promise<number> {
  const startedAt = performance.now();
  for (let wait = FIRST_PAUSE_MS; !(await holds()); wait = Math.min(wait * 1.5, MAX_PAUSE_MS)) {
    if (performance.now() - startedAt > withinMs) fail(`${what} after ${withinMs / 1000} s`);
    await pause(wait);
  }
  return performance.now() - startedAt;
}
