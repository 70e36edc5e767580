import type { APIRequestContext, Locator } from '@playwright/test';
import { installClock } from '../fixtures/clock.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ settings: { PROVIDER: 'builtin' } });

/** Has texts summarised by the built-in provider, the first of them first. */
async function fill(request: APIRequestContext, texts: string[]): Promise<string[]> {
  const begun: { id: string; events: string }[] = [];
  for (const text of texts) {
    const created = await request.post('/api/generations', { data: { text } });
    begun.push(await created.json());
  }
  for (const { events } of begun) {
    // The stream ends when the generation does.
    expect(await (await request.get(events)).text()).toContain('event: completed');
  }
  return begun.map(({ id }) => id);
}

const CLOCK = 'The clock in the lighthouse stopped in the winter. Nobody in the village wound it.';
const RIVER = 'The river speaks at night. Fishermen say that it tells of the mountains.';
const CHINESE = '渡船在黄昏离开码头。村里的人都没有赶上。';

test('past summaries are listed, newest first, and lead to their page', async ({
  archive,
  desk,
  page,
  request,
}) => {
  const [, , newest] = await fill(request, [CLOCK, RIVER, CHINESE]);
  await archive.open();
  await expect(archive.items).toHaveCount(3);
  await expect(archive.items.first()).toContainText('渡船');
  await expect(archive.items.first().locator('.item-title')).toHaveAttribute('lang', 'zh-CN');
  await expect(archive.items.last()).toContainText('clock');
  await expect(archive.items.last().locator('.item-title')).not.toHaveAttribute('lang');
  await archive.items.first().getByRole('link').first().click();
  await expect(page).toHaveURL(new RegExp(`/g/${newest}$`));
  await desk.expectState('completed');
  await expect(desk.summary).toContainText('渡船');
});

test('searching finds words of titles and texts', async ({ archive, page, request }) => {
  await fill(request, [CLOCK, RIVER, CHINESE]);
  await archive.open();
  await archive.search.fill('fishermen');
  await archive.search.press('Enter');
  await expect(archive.items).toHaveCount(1);
  await expect(archive.items).toContainText('river');
  await expect(page).toHaveURL(/[?&]query=fishermen/);
  await page.reload();
  await expect(archive.search).toHaveValue('fishermen');
  await expect(archive.items).toHaveCount(1);

  await archive.search.fill('渡船');
  await archive.search.press('Enter');
  await expect(archive.items).toHaveCount(1);
  await expect(archive.items).toContainText('渡船');

  await archive.search.fill('nothing like it 100%_');
  await archive.search.press('Enter');
  await expect(archive.items).toHaveCount(0);
  await expect(page.getByText('Nothing found')).toBeVisible();
});

test('deleting can be undone for ten seconds, and is for good then', async ({
  archive,
  complaints,
  desk,
  page,
  request,
}) => {
  await installClock(page);
  const [clock] = await fill(request, [CLOCK, RIVER]);
  const status = async () => (await request.get(`/api/generations/${clock}`)).status();
  await archive.open();
  await expect(page.getByText('Nothing here yet.')).toBeHidden();
  const item = archive.item('clock');
  const title = (await item.locator('.item-title').textContent())!;
  await expect(item.getByRole('button')).toHaveAccessibleName(`More about ${title}`);
  await archive.remove(item);
  await expect(archive.items).toHaveCount(1);
  await expect(desk.notices).toContainText(`Deleted “${title}”`);
  await page.clock.fastForward(9_000);
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(archive.items).toHaveCount(2);
  await page.clock.fastForward(10_000);
  expect(await status()).toBe(200);

  await archive.remove(item);
  await page.clock.fastForward(10_000);
  await expect.poll(status).toBe(404);
  await expect(desk.notices).toBeEmpty();
  await expect(archive.items).toHaveText([/river/]);
  await page.reload();
  await expect(archive.items).toHaveCount(1);
  complaints.expect(/status of 404/);
  await page.goto(`/g/${clock}`);
  await expect(page.getByText('There is nothing here')).toBeVisible();
});

test('two that are deleted one after the other can each be had back', async ({
  archive,
  desk,
  request,
}) => {
  await fill(request, [CLOCK, RIVER]);
  await archive.open();
  await archive.remove(archive.item('clock'));
  await archive.remove(archive.item('river'));
  await expect(archive.items).toHaveCount(0);
  await desk.notices.getByRole('button', { name: 'Undo' }).first().click();
  await expect(archive.items).toHaveText([/clock/]);
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(archive.items).toHaveCount(2);
});

test('the keyboard finds its way through deleting', async ({ archive, desk, page, request }) => {
  await fill(request, [CLOCK, RIVER]);
  await archive.open();
  const removeByKeys = async (item: Locator) => {
    await item.getByRole('button', { name: /^More about/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Delete' })).toBeFocused();
    await page.keyboard.press('Enter');
  };
  await archive.item('river').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Delete' })).toBeHidden();

  await removeByKeys(archive.item('river'));
  await expect(archive.items).toHaveCount(1);
  await expect(archive.item('clock').getByRole('link')).toBeFocused();
  await desk.notices.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(archive.item('river').getByRole('link')).toBeFocused();

  await removeByKeys(archive.item('river'));
  await removeByKeys(archive.item('clock'));
  await expect(archive.items).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
});

test('a long history comes page by page', async ({ archive, page, request }) => {
  await fill(
    request,
    Array.from({ length: 23 }, (_, n) => `Text number ${n} is about the ferry. It leaves.`),
  );
  await archive.open();
  const first = await archive.items.count();
  expect(first).toBeLessThan(23);
  await expect(archive.items.first()).toContainText('number 22');
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(archive.items).toHaveCount(23 - first);
  await expect(archive.items.last()).toContainText('number 0');
  await expect(page.getByRole('link', { name: 'Older' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Newest' }).click();
  await expect(archive.items.first()).toContainText('number 22');
});

test('a search goes on over its pages, back to the newest', async ({ archive, page, request }) => {
  const clocks = Array.from({ length: 22 }, (_, n) => `Clock number ${n} stopped. It rusts.`);
  await fill(request, [...clocks, RIVER]);
  await archive.open();
  await archive.search.fill('clock');
  await archive.search.press('Enter');
  await expect(archive.items.first()).toContainText('number 21');
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(archive.items).toHaveCount(2);
  await page.getByRole('link', { name: 'Newest' }).click();
  await expect(archive.items).toHaveCount(20);
  await expect(archive.items.first()).toContainText('number 21');
  await expect(archive.search).toHaveValue('clock');
});

test('whoever goes on by the keyboard, or hears the page, comes along', async ({
  archive,
  page,
  request,
}) => {
  await fill(
    request,
    Array.from({ length: 22 }, (_, n) => `Text number ${n} is about the ferry. It leaves.`),
  );
  const said = page.getByTestId('announcer');
  await archive.open();
  await expect(said).toBeEmpty();
  await page.getByRole('link', { name: 'Older' }).press('Enter');
  await expect(archive.items).toHaveCount(2);
  await expect(archive.items.first().getByRole('link')).toBeFocused();
  await expect(said).toContainText('2 summaries in the list');

  await archive.search.fill('number 7');
  await archive.search.press('Enter');
  await expect(archive.items).toHaveCount(1);
  await expect(said).toContainText('One summary in the list');
  await expect(archive.search).toBeFocused();

  await archive.search.fill('nowhere');
  await archive.search.press('Enter');
  await expect(said).toContainText('No summaries in the list');
  await page.getByRole('link', { name: 'Show all' }).press('Enter');
  await expect(archive.items).toHaveCount(20);
  await expect(archive.items.first().getByRole('link')).toBeFocused();
});

test('back from a summary, the list is where it was', async ({ archive, desk, page, request }) => {
  await fill(
    request,
    Array.from({ length: 20 }, (_, n) => `Text number ${n} is about the ferry. It leaves.`),
  );
  await archive.open();
  const link = archive.item('number 3').getByRole('link');
  await link.scrollIntoViewIfNeeded();
  const place = () => page.evaluate(() => window.scrollY);
  const left = await place();
  expect(left).toBeGreaterThan(500);
  // It is noted once the page stands still.
  await expect.poll(() => page.evaluate(() => history.state)).toBe(left);
  await link.click();
  await desk.expectState('completed');
  await page.goBack();
  await expect(archive.items).toHaveCount(20);
  await expect.poll(place).toBe(left);

  await page.getByRole('link', { name: 'Unspool' }).click();
  await desk.expectState('idle');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(archive.items).toHaveCount(20);
  expect(await place()).toBe(0);
});

test('so it is for whoever has come to it by the link', async ({
  archive,
  desk,
  page,
  request,
}) => {
  await fill(
    request,
    Array.from({ length: 20 }, (_, n) => `Text number ${n} is about the ferry. It leaves.`),
  );
  await installClock(page);
  await page.goto('/');
  await desk.write(CLOCK);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(archive.items).toHaveCount(20);
  await page.evaluate(async () => {
    const still = new Promise((done) => addEventListener('scrollend', done, { once: true }));
    window.scrollTo(0, 900);
    await still;
  });
  // It is noted once the page stands still.
  await page.clock.fastForward(1_000);
  await archive.items.nth(12).getByRole('link').click();
  await desk.expectState('completed');
  await page.goBack();
  await expect(archive.items).toHaveCount(20);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(900);
});

test('after back and forth the link leads to the list, and so does the address', async ({
  archive,
  desk,
  page,
  request,
}) => {
  const [clock] = await fill(request, [CLOCK]);
  await page.goto('/');
  await desk.write(RIVER);
  const link = page.getByRole('link', { name: 'History' });
  await link.click();
  await archive.item('clock').getByRole('link').click();
  await desk.expectState('completed');
  await page.goBack();
  await expect(archive.items).toHaveCount(1);
  await page.goForward();
  await desk.expectState('completed');
  await link.click();
  await expect(archive.items).toHaveCount(1);
  await expect(page).toHaveURL(/\/history$/);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/g/${clock}$`));
  await desk.expectState('completed');
});

test.describe('where clocks are put forward in spring', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('a time is told by the clocks of its own day', async ({ archive, page, request }) => {
    const [id] = await fill(request, [CLOCK]);
    const { created_ms } = await (await request.get(`/api/generations/${id}`)).json();
    for (const today of ['2026-01-15', '2026-07-15']) {
      await page.clock.setFixedTime(`${today}T12:00:00Z`);
      await archive.open();
      const time = await page.evaluate(
        (ms) => new Date(ms).toLocaleTimeString('en-GB', { timeStyle: 'short' }),
        created_ms,
      );
      await expect(archive.items.locator('time'), today).toContainText(time);
    }
  });
});

test('an empty history says so', async ({ page }) => {
  await page.goto('/history');
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
});
