import type { PutEvent } from './events';

const TIMEOUT_MS = 10_000;

/**
 * Posts the events that functions put to a URL, one after the other and each once: what a developer needs to see an
 * app react. `content-type` is application/json, the body is the event's detail, the headers `x-event-source` and
 * `x-event-type` are what EventBridge rules match on.
 *
 * @param onFailure told when a post failed; the next event is posted all the same
 */
export class EventPoster {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly onFailure: (text: string) => void,
  ) {}

  post({ source, detailType, detail }: PutEvent): void {
    const headers = {
      'content-type': 'application/json',
      'x-event-source': source,
      'x-event-type': detailType,
    };
    this.last = this.last.then(async () => {
      try {
        const response = await fetch(this.url, {
          method: 'POST',
          headers,
          body: detail,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.arrayBuffer();
        if (!response.ok)
          this.onFailure(`${this.url} answered ${response.status} to the event "${detailType}".`);
      } catch (error) {
        this.onFailure(`the event "${detailType}" could not be posted to ${this.url}: ${String(error)}`);
      }
    });
  }

  /** Resolves when everything that was put has been posted. */
  settled(): Promise<void> {
    return this.last;
  }
}
