import type { Browser, Page } from 'playwright-core';

/** How far somebody has come: after how many presses of a button of the page, and how many seconds. */
export interface Reached {
  readonly clicks: number;
  readonly seconds: number;
}

/** Somebody who goes through the set-up page, reads nothing and errs nowhere; their presses are counted. */
export class Reader {
  private clicks = 0;
  private readonly begun = performance.now();

  private constructor(readonly page: Page) {}

  /** Opens a link; their time begins here. */
  static async open(browser: Browser, url: string): Promise<Reader> {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const reader = new Reader(await context.newPage());
    await reader.page.goto(url);
    return reader;
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name }).first().click();
    this.clicks += 1;
  }

  /** Presses the button beside a value. @returns what it has copied @throws Error when that is nothing */
  async copy(label: string): Promise<string> {
    await this.page.evaluate("navigator.clipboard.writeText('')");
    const button = new RegExp(`^Copy ${label}$`);
    await this.press(button);
    // The words of the button change once the value is in the clipboard; its name stays.
    await this.page.getByRole('button', { name: button }).filter({ hasText: 'Copied' }).first().waitFor();
    const copied = await this.page.evaluate<string>('navigator.clipboard.readText()');
    if (copied === '') throw new Error(`The button beside "${label}" has copied nothing.`);
    return copied;
  }

  /** Goes on from step to step until one is there. @throws Error when the steps end before */
  async goOnTo(title: string): Promise<void> {
    const heading = this.page.getByRole('heading', { level: 1 });
    const passed: string[] = [];
    for (let at = await heading.innerText(); at !== title; at = await heading.innerText()) {
      if (passed.includes(at)) throw new Error(`"${title}" is none of the steps ${passed.join(', ')}.`);
      passed.push(at);
      await this.press('Done, next step');
      await heading.filter({ hasNotText: at }).waitFor();
    }
  }

  /** Until the page says that the last request was answered. */
  isConnected = (): Promise<void> => this.page.locator('.live-dot.good').first().waitFor();

  /** Until a name is shown that came from the identity provider. */
  showsArrived = (name: string): Promise<void> =>
    this.page.locator('bdi', { hasText: name }).first().waitFor();

  showsHeading = (title: string): Promise<void> =>
    this.page.getByRole('heading', { level: 1, name: title }).waitFor();

  reached = (): Reached => ({ clicks: this.clicks, seconds: (performance.now() - this.begun) / 1000 });

  leave = (): Promise<void> => this.page.context().close();
}
