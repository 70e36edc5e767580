import { expect, type Locator, type Page } from '@playwright/test';

/** `/history`. */
export class Archive {
  readonly items: Locator;
  readonly search: Locator;

  constructor(readonly page: Page) {
    this.items = page.getByRole('main').getByRole('listitem');
    this.search = page.getByRole('searchbox');
  }

  /** Opens the page and waits until it is alive: times are the reader's own from then on. */
  async open(path = '/history'): Promise<void> {
    await this.page.goto(path);
    await expect(this.page.getByText(/ UTC$/)).toHaveCount(0);
  }

  item(title: string): Locator {
    return this.items.filter({ hasText: title });
  }
}
