import type { Page } from '@playwright/test';
import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, TEXT, readHalf, stopHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** The reader is still where the link of this name led, and the page goes on working. */
async function expectStillWorking(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await page.getByRole('link', { name: '中文', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(name);
}

test('whoever leaves before a summary has begun is not called back', async ({
  archive,
  desk,
  page,
  upstream,
}) => {
  await page.goto('/');
  await desk.write(TEXT);
  const release = await holdBack(page, '**/fn/start*');
  await desk.button.click();
  await desk.expectState('connecting');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
  await release();
  await (await upstream.next()).answer(ANSWER);
  await expectStillWorking(page, 'History');
  await expect(page).toHaveURL(/\/history$/);
  await page.reload();
  await expect(archive.item(ANSWER.title)).toBeVisible();
});

test('whoever leaves after asking for a new attempt does not get one', async ({
  desk,
  page,
  upstream,
}) => {
  await stopHalf(desk, upstream);
  const release = await holdBack(page, '**/fn/input*');
  const asked = page.waitForRequest('**/fn/input*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await asked;
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  await release();
  await expectStillWorking(page, 'History');
  expect(upstream.untaken).toBe(0);
});

test('a file that is still being read stays behind', async ({ desk, page }) => {
  await page.addInitScript(() => {
    const read = File.prototype.arrayBuffer;
    File.prototype.arrayBuffer = async function () {
      await new Promise((resolve) => addEventListener('release', resolve));
      return read.call(this);
    };
  });
  await page.goto('/');
  await desk.write(TEXT);
  const buffer = Buffer.from('Another text.');
  await desk.file.setInputFiles({ name: 'long.txt', mimeType: 'text/plain', buffer });
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
  await page.evaluate(() => dispatchEvent(new Event('release')));
  await expectStillWorking(page, 'History');
  await page.goBack();
  await expect(desk.source).toHaveValue(TEXT);
});

test('what is being deleted is deleted, wherever the reader goes meanwhile', async ({
  archive,
  complaints,
  desk,
  page,
  upstream,
}) => {
  // The next page asks again for what the one before may not have been able to delete.
  complaints.expect(/status of 404/);
  const answer = await readHalf(desk, upstream);
  await answer.finish();
  await desk.expectState('completed');
  await archive.open();
  await archive.remove(archive.items);
  await page.getByRole('link', { name: 'Unspool' }).click();
  await desk.expectState('idle');
  await expect(desk.notices).toContainText('Deleted');
  await expectStillWorking(page, 'Summarise a text');
  await page.goto('/history');
  await expect(archive.items).toHaveCount(0);
});
