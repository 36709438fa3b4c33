import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { LocalStack } from '../assembly/cloud-assembly';
import { booleanOf, isRecord, listOf, numberOf, parseJson, recordOf, stringOf } from '../json';
import { TokenBucket } from './throttle';

/** A usage plan: what each of its keys may send to which stages. */
export interface UsagePlan {
  readonly id: string;
  /** As `<id of the API>/<stage>`. */
  readonly stages: readonly string[];
  /** Undefined for a plan without limits. */
  readonly throttle: { readonly rate: number; readonly burst: number } | undefined;
}

/** An API key, whose value a request or its authorizer names. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly isEnabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Ids of the plans that it is in. */
  readonly plans: readonly string[];
}

/** Most keys of an account (API Gateway's quotas). */
const MAX_KEYS = 10_000;

/**
 * Usage plans and API keys: those of the template, and those that were made by calls, which are kept in a file. Each
 * key has a token bucket for each of its plans.
 */
export class UsagePlans {
  private readonly keys = new Map<string, StoredKey>();
  private readonly byValue = new Map<string, StoredKey>();
  private readonly buckets = new Map<string, TokenBucket>();

  /**
   * @param file where keys that calls have made are kept
   * @param now clock in ms, for tests
   */
  constructor(
    private readonly plans: readonly UsagePlan[],
    private readonly fromTemplate: readonly StoredKey[],
    private readonly file: string,
    private readonly now: () => number = () => Date.now(),
  ) {
    for (const key of [...fromTemplate, ...readKeys(file)]) this.remember(key);
  }

  /**
   * Counts a request to a stage by a key.
   *
   * @returns `unknown` for a key that is none, is switched off, or is in no plan of the stage
   */
  count(value: string | undefined, stage: string): 'admitted' | 'throttled' | 'unknown' {
    const key = value === undefined ? undefined : this.byValue.get(value);
    const plan = this.plans.find(({ id, stages }) => key?.plans.includes(id) && stages.includes(stage));
    if (key === undefined || !key.isEnabled || plan === undefined) return 'unknown';
    if (plan.throttle === undefined) return 'admitted';
    const { rate, burst } = plan.throttle;
    const name = `${plan.id} ${key.id}`;
    const bucket = this.buckets.get(name) ?? new TokenBucket(rate, burst, this.now);
    this.buckets.set(name, bucket);
    return bucket.take() ? 'admitted' : 'throttled';
  }

  /** Every key, by its id. */
  all(): readonly StoredKey[] {
    return [...this.keys.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @returns undefined when the account has as many as it may; `taken` when another key has the value */
  create(key: Pick<StoredKey, 'name' | 'value' | 'isEnabled'>): StoredKey | 'taken' | undefined {
    if (this.keys.size >= MAX_KEYS) return undefined;
    if (this.byValue.has(key.value)) return 'taken';
    const id = randomUUID().replaceAll('-', '').slice(0, 10);
    return this.put({ ...key, id, createdAt: this.now(), plans: [] });
  }

  /** @returns undefined when there is no such key or plan; `taken` when another plan of a stage has the key */
  addToPlan(id: string, planId: string): StoredKey | 'taken' | undefined {
    const key = this.keys.get(id);
    const plan = this.plan(planId);
    if (key === undefined || plan === undefined) return undefined;
    const others = this.plans.filter((other) => key.plans.includes(other.id));
    if (others.some(({ stages }) => stages.some((stage) => plan.stages.includes(stage)))) return 'taken';
    return this.put({ ...key, plans: [...key.plans, planId] });
  }

  /** @returns false when there is no such key */
  delete(id: string): boolean {
    const key = this.keys.get(id);
    if (key === undefined) return false;
    this.keys.delete(id);
    this.byValue.delete(key.value);
    this.save();
    return true;
  }

  plan(id: string): UsagePlan | undefined {
    return this.plans.find((plan) => plan.id === id);
  }

  private put(key: StoredKey): StoredKey {
    this.remember(key);
    this.save();
    return key;
  }

  private remember(key: StoredKey): void {
    this.keys.set(key.id, key);
    this.byValue.set(key.value, key);
  }

  private save(): void {
    const ofTemplate = new Set(this.fromTemplate.map(({ id }) => id));
    const made = this.all().filter(({ id }) => !ofTemplate.has(id));
    writeFileSync(this.file, JSON.stringify(made), { mode: 0o600 });
  }
}

/** Reads the template's usage plans and keys. */
export function readUsagePlans(stack: LocalStack, file: string): UsagePlans {
  const plans = stack.ofType('AWS::ApiGateway::UsagePlan').map((resource): UsagePlan => {
    const stages = listOf(stack.property(resource, 'ApiStages')).map(recordOf);
    const { RateLimit, BurstLimit } = recordOf(stack.property(resource, 'Throttle'));
    const [rate, burst] = [numberOf(RateLimit), numberOf(BurstLimit)];
    return {
      id: stack.ref(resource),
      stages: stages.map(({ ApiId, Stage }) => `${ApiId}/${Stage}`),
      throttle: rate === undefined || burst === undefined ? undefined : { rate, burst },
    };
  });
  const members = stack.ofType('AWS::ApiGateway::UsagePlanKey').map((resource) => ({
    key: stack.property(resource, 'KeyId'),
    plan: String(stack.property(resource, 'UsagePlanId')),
  }));
  const keys = stack.ofType('AWS::ApiGateway::ApiKey').map((resource): StoredKey => {
    const id = stack.ref(resource);
    return {
      id,
      name: stringOf(stack.property(resource, 'Name')) ?? id,
      // API Gateway makes one up where the template gives none.
      value: stringOf(stack.property(resource, 'Value')) ?? randomUUID(),
      createdAt: Date.now(),
      isEnabled: booleanOf(stack.property(resource, 'Enabled')) === true,
      plans: members.filter(({ key }) => key === id).map(({ plan }) => plan),
    };
  });
  return new UsagePlans(plans, keys, file);
}

function readKeys(file: string): StoredKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return listOf(parseJson(text)).flatMap((key) => (isRecord(key) ? [readKey(key)] : []));
}

const readKey = ({ id, name, value, isEnabled, createdAt, plans }: Record<string, unknown>): StoredKey => ({
  id: String(id),
  name: String(name),
  value: String(value),
  isEnabled: isEnabled === true,
  createdAt: Number(createdAt),
  plans: listOf(plans).map(String),
});
