import type { ThrottleSetting } from './rest-api';

/** A token bucket, API Gateway's algorithm: `rate` tokens a second flow in, at most `burst` are kept, each request takes one. */
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

/** The limits of a stage: the setting of a method goes before the one for all. */
export class Throttle {
  private readonly buckets: { readonly setting: ThrottleSetting; readonly bucket: TokenBucket }[];

  constructor(settings: readonly ThrottleSetting[], now?: () => number) {
    const specific = (setting: ThrottleSetting) =>
      (setting.resourcePath === '/*' ? 0 : 2) + (setting.method === '*' ? 0 : 1);
    this.buckets = [...settings]
      .sort((a, b) => specific(b) - specific(a))
      .map((setting) => ({ setting, bucket: new TokenBucket(setting.rate, setting.burst, now) }));
  }

  /** True when a request to a method may go on. */
  admits(method: string, resourcePath: string): boolean {
    const found = this.buckets.find(
      ({ setting }) =>
        (setting.method === '*' || setting.method === method) &&
        (setting.resourcePath === '/*' || setting.resourcePath === resourcePath),
    );
    return found?.bucket.take() ?? true;
  }
}
