import { installClock } from '../fixtures/clock.ts';
import { HALF, readHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';

test.use({ baseURL: async ({ line }, use) => use(line.url) });

const FAILED = 'This could not be loaded.';

test('a page that is opened while the server is away comes by itself', async ({
  archive,
  complaints,
  desk,
  line,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  line.cut();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText(FAILED)).toBeVisible();
  line.mend();
  await expect(archive.items).toHaveCount(1);

  line.cut();
  await archive.items.getByRole('link').click();
  await expect(page.getByText(FAILED)).toBeVisible();
  await answer.write(' it');
  line.mend();
  await expect(desk.summary).toHaveText('Nobody wound it');
  await answer.write(' any more.');
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it any more.');
});

test('whoever does not want to wait tries again at once', async ({
  complaints,
  desk,
  line,
  page,
}) => {
  complaints.expect(NETWORK);
  await installClock(page);
  await page.goto('/');
  await desk.write('A text');
  line.cut();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText(FAILED)).toBeVisible();
  // Until it is tried every five to ten seconds.
  for (const wait of [500, 1_000, 2_000, 4_000, 8_000]) {
    const refused = page.waitForEvent('requestfailed', (all) => /list/.test(all.url()));
    await page.clock.fastForward(wait);
    await refused;
  }
  line.mend();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible({ timeout: 4_000 });
});

test('being online again is reason enough to try again', async ({
  complaints,
  context,
  desk,
  page,
}) => {
  complaints.expect(NETWORK);
  await installClock(page);
  await page.goto('/');
  await desk.write('A text');
  await context.setOffline(true);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText(FAILED)).toBeVisible();
  for (const wait of [500, 1_000, 2_000, 4_000, 8_000]) {
    const refused = page.waitForEvent('requestfailed', (all) => /list/.test(all.url()));
    await page.clock.fastForward(wait);
    await refused;
  }
  await context.setOffline(false);
  await expect(page.getByText('Nothing here yet.')).toBeVisible({ timeout: 4_000 });
});

test('what could not be deleted is said to be there still', async ({
  archive,
  complaints,
  desk,
  line,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  await answer.finish();
  await desk.expectState('completed');
  await page.getByRole('link', { name: 'History' }).click();
  await archive.items.getByRole('button', { name: 'Delete' }).click();
  line.cut();
  await archive.items.getByRole('button', { name: 'Yes' }).click();
  await expect(archive.items).toContainText('This could not be deleted.');
  line.mend();
  await archive.items.getByRole('button', { name: 'Yes' }).click();
  await expect(archive.items).toHaveCount(0);
});
