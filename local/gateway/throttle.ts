import type { ThrottleSetting } from './rest-api';

/**
 * A token bucket, API Gateway's algorithm: `rate` tokens a second flow in, at most `burst` are kept, each request takes
 * one.
 */
export class TokenBucket {
  private tokens: number;
  private at: number;

  /** @param now clock in ms, for tests */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now: () => number = Date.now,
  ) {
    this.tokens = burst;
    this.at = now();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const now = this.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) / 1000) * this.rate);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/**
 * The limits of a stage: the setting of a method goes before the one for all, and that one holds for each method by
 * itself ("applied at the API method level", API Gateway's throttling page).
 */
export class Throttle {
  private readonly settings: readonly ThrottleSetting[];
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    settings: readonly ThrottleSetting[],
    private readonly now?: () => number,
  ) {
    const specific = (setting: ThrottleSetting) =>
      (setting.resourcePath === '/*' ? 0 : 2) + (setting.method === '*' ? 0 : 1);
    this.settings = [...settings].sort((a, b) => specific(b) - specific(a));
  }

  /**
   * True when a request to a method may go on.
   *
   * @param method of the request: a stage has settings for each that `ANY` stands for
   */
  admits(method: string, resourcePath: string): boolean {
    const setting = this.settings.find(
      (candidate) =>
        (candidate.method === '*' || candidate.method === method) &&
        (candidate.resourcePath === '/*' || candidate.resourcePath === resourcePath),
    );
    if (setting === undefined) return true;
    const key = `${method} ${resourcePath}`;
    const bucket = this.buckets.get(key) ?? new TokenBucket(setting.rate, setting.burst, this.now);
    this.buckets.set(key, bucket);
    return bucket.take();
  }
}
