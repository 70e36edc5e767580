import { expect, type Page } from '@playwright/test';

/** What the page may find. */
export type Verdict =
  | 'fine'
  | 'uneven'
  | 'held-back'
  | 'cut-off'
  | 'silent'
  | 'stalled'
  | 'away'
  | 'returned'
  | 'too-few';

/** The page that tries the connection. */
export class Connection {
  readonly start;
  readonly cut;
  readonly verdict;
  readonly progress;
  readonly continued;
  readonly messages;
  readonly bars;
  readonly remedies;

  constructor(readonly page: Page) {
    this.start = page.getByTestId('start');
    this.cut = page.getByTestId('cut');
    this.verdict = page.getByTestId('verdict');
    this.progress = page.getByTestId('progress');
    this.continued = page.getByTestId('continued');
    this.messages = page.getByTestId('message');
    this.bars = page.getByTestId('plot').locator('rect');
    this.remedies = page.getByTestId('remedies');
  }

  /** Opens the page, by way of another address than the server's when one is given. */
  async open(origin = ''): Promise<void> {
    await this.page.goto(`${origin}/diagnostics`);
    // It is, once the page has come alive.
    await expect(this.start).toBeEnabled();
  }

  /** Asks for so many messages, these seconds apart. */
  async ask(count: number, delay: number, message = 'Knot'): Promise<void> {
    await this.page.getByLabel('Messages', { exact: true }).first().fill(String(count));
    await this.page.getByLabel('Seconds apart').fill(String(delay));
    await this.page.getByLabel('Text', { exact: true }).fill(message);
    await this.start.click();
  }

  /** Waits until the trial is over, and has shown this. */
  async expectVerdict(verdict: Verdict): Promise<void> {
    await expect(this.progress).toContainText('Over:');
    await expect(this.verdict).toHaveAttribute('data-verdict', verdict);
  }
}
