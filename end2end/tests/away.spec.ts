import { installClock } from '../fixtures/clock.ts';
import { ANSWER, HALF, TEXT, readHalf, stopHalf } from '../fixtures/texts.ts';
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
  await installClock(page);
  await archive.open(new URL('/history', page.url()).href);
  await archive.remove(archive.items);
  line.cut();
  await page.clock.fastForward(10_000);
  await expect(desk.notices).toContainText('This could not be deleted.');
  await expect(archive.items).toHaveCount(1);
  line.mend();
  await desk.notices.getByRole('button', { name: 'Try again' }).click();
  await expect(archive.items).toHaveCount(0);
});

test('an answer that is lost on its way does not make two summaries of one', async ({
  complaints,
  desk,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await page.route(
    '**/fn/start*',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await desk.summarise(TEXT);
  await expect(desk.hint).toContainText('The server does not answer');
  await desk.button.click();
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  expect(upstream.untaken).toBe(0);

  await test.step('but whoever wants another has it', async () => {
    await desk.button.click();
    await (await upstream.next()).answer(HALF);
    await desk.expectDone(HALF.title, HALF.summary);
  });
});

test.describe('in a network that has died without a word', () => {
  test.beforeEach(async ({ page }) => installClock(page));

  test('a text is not sent for ever, and can be sent again', async ({
    complaints,
    desk,
    line,
    page,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    await page.goto('/');
    await desk.write(TEXT);
    line.freeze();
    const sent = page.waitForRequest('**/fn/start*');
    await desk.button.click();
    await sent;
    await desk.expectState('connecting');
    await page.clock.fastForward(36_000);
    await expect(desk.hint).toContainText('The server does not answer');
    await expect(desk.source).toHaveValue(TEXT);
    // Of what was frozen, nothing thaws.
    line.cut();
    line.mend();
    await desk.button.click();
    await (await upstream.next()).answer(ANSWER);
    await desk.expectDone(ANSWER.title, ANSWER.summary);
  });

  test('nor is a text waited for that is to be tried again', async ({
    complaints,
    desk,
    line,
    page,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    await stopHalf(desk, upstream);
    line.freeze();
    const asked = page.waitForRequest('**/fn/input*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await asked;
    await page.clock.fastForward(36_000);
    await expect(desk.hint).toContainText('The server does not answer');
  });

  test('pages and deletions are not waited for', async ({
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
    const link = page.getByRole('link', { name: 'History' });
    await link.click();
    const item = archive.items;
    await archive.remove(item);
    line.freeze();
    const waits = async (url: string, ask: () => Promise<void>) => {
      const asked = page.waitForRequest(url);
      await ask();
      await asked;
      await page.clock.fastForward(9_000);
    };
    await waits('**/api/generations/*', () => page.clock.fastForward(10_000));
    await expect(desk.notices).toContainText('This could not be deleted.');
    await waits('**/fn/view*', () => item.getByRole('link').click());
    await expect(page.getByText(FAILED)).toBeVisible();
    await waits('**/fn/list*', () => link.click());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
    await expect(page.getByText(FAILED)).toBeVisible();
  });
});
