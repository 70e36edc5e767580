import { expect, type Locator, type Page } from '@playwright/test';

/** `/chat` and `/chat/{id}`: a box, and the turns of a conversation. */
export class Conversation {
  readonly box: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly hint: Locator;
  readonly title: Locator;
  readonly turns: Locator;
  readonly questions: Locator;
  readonly answers: Locator;
  readonly outgoing: Locator;
  readonly outage: Locator;
  readonly announcer: Locator;
  readonly listed: Locator;

  constructor(readonly page: Page) {
    const composer = page.getByTestId('composer');
    this.box = composer.getByRole('textbox');
    this.send = page.getByTestId('send');
    this.stop = page.getByTestId('stop');
    this.hint = page.locator('#composer-hint');
    this.title = page.getByTestId('title');
    this.turns = page.getByTestId('turn');
    this.questions = page.getByTestId('question-text');
    this.answers = page.getByTestId('answer-text');
    this.outgoing = page.getByTestId('outgoing');
    this.outage = page.getByTestId('outage');
    this.announcer = page.getByTestId('announcer');
    this.listed = page.getByTestId('conversation');
  }

  /** Opens the page and waits until it is alive. */
  async open(path = '/chat'): Promise<void> {
    await this.page.goto(path);
    await this.page.locator('html[data-alive]').waitFor();
  }

  /** Writes a message and sends it. */
  async ask(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** The last answer is in this state. */
  async expectState(state: 'running' | 'completed' | 'stopped' | 'failed'): Promise<void> {
    await expect(this.page.getByTestId('answer').last()).toHaveAttribute('data-reply', state);
  }

  /** The last answer is whole and says this. */
  async expectAnswer(text: string): Promise<void> {
    await this.expectState('completed');
    await expect(this.answers.last()).toHaveText(text);
  }
}
