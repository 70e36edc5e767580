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

  /** Deletes an item by its menu. It can be had back for ten seconds. */
  async remove(item: Locator): Promise<void> {
    await item.getByRole('button', { name: /^More about/ }).click();
    await this.page.getByRole('button', { name: 'Delete' }).click();
  }

  item(title: string): Locator {
    return this.items.filter({ hasText: title });
  }
}
