import type { World } from './world';

/** One write operation under test. `State` is what its preparation made: ids and tokens. */
export interface Scenario<State = unknown> {
  readonly name: string;
  prepare(world: World): Promise<State>;
  /** The operation, and what the client gets of it. */
  run(world: World, state: State): Promise<unknown>;
  /** What a client does that got no answer. Default: the same request again. */
  retry?(world: World, state: State): Promise<unknown>;
  /** Throws when the table is not in the state that the client wanted. `given` is the last answer. */
  intended(world: World, state: State, given: unknown): Promise<void>;
}

/** Keeps the type of the state between a scenario's parts. */
export const scenario = <State>(definition: Scenario<State>): Scenario => definition as Scenario;
