import { HALF, readHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

// Playwright switches the back-forward cache off.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
});

test('a page that was put aside comes back as it was left, and goes on', async ({
  desk,
  page,
  request,
  upstream,
}) => {
  const answer = await readHalf(desk, upstream);
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }));
  });
  await page.goto('/history');
  const open = async () => (await (await request.get('/connections')).json()).active_connections;
  await expect.poll(open).toBe(0);
  await answer.write(' it');

  // Nothing is loaded.
  await page.goBack({ waitUntil: 'commit' });
  expect(await page.evaluate(() => 'persisted' in window && window.persisted)).toBe(true);
  await expect(desk.summary).toHaveText('Nobody wound it');
  await desk.expectState('writing');
  await answer.write(' any more.');
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it any more.');
});
