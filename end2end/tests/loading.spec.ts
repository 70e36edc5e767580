import type { Page } from '@playwright/test';

import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const OTHER = 'Another text, typed by someone who did not want to wait for the page.';

/** Lets the page be seen, but not come alive before the returned function is called. */
const holdPage = (page: Page) => holdBack(page, '**/*.wasm');

test('a text that is typed before the form is alive stays, and is kept', async ({ desk, page }) => {
  const release = await holdPage(page);
  await page.goto('/', { waitUntil: 'commit' });
  await desk.source.fill(OTHER);
  await release();
  await expect(desk.count).toHaveText(/^[1-9]/);
  await expect(desk.source).toHaveValue(OTHER);
  await page.goto('/history');
  await page.goto('/');
  await expect(desk.source).toHaveValue(OTHER);
});

test('so does one that is typed beside a result', async ({ context, desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);

  const cold = await context.newPage();
  const release = await holdPage(cold);
  await cold.goto(page.url(), { waitUntil: 'commit' });
  const source = cold.getByTestId('source');
  await source.fill(OTHER);
  await release();
  await expect(cold.getByTestId('count')).toHaveText(/^[1-9]/);
  await expect(source).toHaveValue(OTHER);
});

test('so does a search', async ({ archive, page }) => {
  const release = await holdPage(page);
  await page.goto('/history', { waitUntil: 'commit' });
  await archive.search.fill('clock');
  await release();
  await archive.search.press('Enter');
  await expect(page).toHaveURL(/[?&]query=clock/);
  await expect(archive.search).toHaveValue('clock');
});
