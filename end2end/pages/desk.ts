import { expect, type Locator, type Page } from '@playwright/test';

/** What the result sheet says of itself. */
export type State =
  | 'idle'
  | 'connecting'
  | 'reading'
  | 'writing'
  | 'reconnecting'
  | 'completed'
  | 'stopped'
  | 'failed';

/** `/` and `/g/{id}`: the source on one side, title and summary on the other. */
export class Desk {
  readonly source: Locator;
  readonly count: Locator;
  readonly hint: Locator;
  readonly file: Locator;
  readonly language: Locator;
  readonly shape: Locator;
  /** Summarise, or Stop while something runs. */
  readonly button: Locator;
  readonly sheet: Locator;
  readonly title: Locator;
  readonly summary: Locator;
  readonly status: Locator;
  readonly provider: Locator;
  readonly announcer: Locator;
  /** What was just done, with the way back. */
  readonly notices: Locator;

  constructor(readonly page: Page) {
    this.source = page.getByTestId('source');
    this.count = page.getByTestId('count');
    this.hint = page.locator('#hint');
    this.language = page.getByLabel('Language', { exact: true });
    this.shape = page.getByLabel('What to write');
    this.file = page.getByTestId('file');
    this.button = page.getByTestId('summarise');
    this.sheet = page.getByTestId('sheet');
    this.title = page.getByTestId('title');
    this.summary = page.getByTestId('summary');
    this.status = page.getByTestId('status');
    this.provider = page.getByTestId('provider');
    this.announcer = page.getByTestId('announcer');
    this.notices = page.getByTestId('notices');
  }

  length(name: 'Short' | 'Medium' | 'Long'): Locator {
    return this.page.getByRole('radio', { name });
  }

  /** Opens the page and waits until it is alive. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.expectAlive();
  }

  /** What was kept is there, and what can be pressed does something. */
  async expectAlive(): Promise<void> {
    await this.page.locator('html[data-alive]').waitFor();
  }

  /** Types a text. It is counted once the page has come alive. */
  async write(text: string): Promise<void> {
    await this.source.fill(text);
    await expect(this.count).toHaveText(/^[1-9]/);
  }

  /** Opens the page, types a text and asks for its summary. */
  async summarise(text: string): Promise<void> {
    await this.page.goto('/');
    await this.write(text);
    await this.button.click();
  }

  /** Waits until the server has this summary, whatever the page shows of it. */
  async expectRecorded(summary: string): Promise<void> {
    const path = new URL(this.page.url()).pathname.replace('/g/', '/api/generations/');
    const snapshot = async () => (await this.page.request.get(path)).json();
    await expect.poll(async () => (await snapshot()).document.summary).toBe(summary);
  }

  async expectState(state: State): Promise<void> {
    await expect(this.sheet).toHaveAttribute('data-state', state);
  }

  /** Both fields are final and say this. */
  async expectDone(title: string, summary: string): Promise<void> {
    await this.expectState('completed');
    await expect(this.title).toHaveText(title);
    await expect(this.summary).toHaveText(summary);
  }

  /**
   * Remembers what the live region says from now on, each sentence on a line. What is there for
   * less than a frame is not heard: no screen reader could say it.
   */
  async hear(): Promise<() => Promise<string>> {
    const said = await this.announcer.evaluateHandle((region) => {
      const heard = { text: '' };
      const known = new Set(region.children);
      const listen = () => {
        for (const sentence of region.children) {
          if (!known.has(sentence)) heard.text += `${sentence.textContent}\n`;
          known.add(sentence);
        }
        requestAnimationFrame(listen);
      };
      requestAnimationFrame(listen);
      return heard;
    });
    return async () => (await said.jsonValue()).text;
  }

  /** Remembers each text that a field shows from now on, whatever sheet it is on. */
  async watch(field: 'title' | 'summary'): Promise<() => Promise<string[]>> {
    const states = await this.page.evaluateHandle((name) => {
      const text = () => document.querySelector(`[data-testid=${name}]`)?.textContent ?? '';
      const seen = [text()];
      new MutationObserver(() => {
        const now = text();
        if (now !== seen.at(-1)) seen.push(now);
      }).observe(document.body, { childList: true, characterData: true, subtree: true });
      return seen;
    }, field);
    return () => states.jsonValue();
  }
}

/** Each state has all of the one before and goes on from there. */
export function expectGrowth(states: string[]): void {
  const broken = states.findIndex((state, at) => at > 0 && !state.startsWith(states[at - 1]));
  expect(states.slice(Math.max(0, broken - 1), broken + 1), 'a state that lost text').toEqual([]);
}
