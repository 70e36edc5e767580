import { ANSWER, HALF, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ javaScriptEnabled: false });

test('a summary can be started and read', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.source.fill(TEXT);
  await desk.button.click();
  await expect(page).toHaveURL(/\/g\/[\w-]+$/);
  const answer = await upstream.next();
  expect(answer.input).toContain(TEXT);
  await writeHalf(answer);
  await expect(async () => {
    await page.reload();
    await expect(desk.summary).toHaveText(HALF.summary, { timeout: 200 });
  }).toPass();
  await desk.expectState('writing');
  await answer.finish();
  await expect(async () => {
    await page.reload();
    await expect(desk.sheet).toHaveAttribute('data-state', 'completed', { timeout: 200 });
  }).toPass();
  await expect(desk.title).toHaveText(HALF.title);
});

test.describe('over plain HTTP in a network', () => {
  test.use({
    settings: { HOSTS: 'unspool.test' },
    baseURL: async ({ server }, use) => use(`http://unspool.test:${new URL(server.url).port}`),
  });

  test('a form says by its Origin alone that it is the page’s own', async ({ desk, page }) => {
    await page.goto('/');
    await desk.source.fill(TEXT);
    const submitted = page.waitForRequest('**/fn/submit');
    await desk.button.click();
    await expect(page).toHaveURL(/\/g\/[\w-]+$/);
    const headers = await (await submitted).allHeaders();
    expect(headers['sec-fetch-site']).toBeUndefined();
    expect(headers.origin).toBe(new URL(page.url()).origin);
  });
});

test('the history can be read and searched', async ({ archive, page, request, upstream }) => {
  const created = await request.post('/api/generations', { data: { text: TEXT } });
  await (await upstream.next()).answer(ANSWER);
  await (await request.get((await created.json()).events)).text();
  await page.goto('/history');
  await expect(archive.items).toHaveCount(1);
  await archive.search.fill('nowhere');
  await archive.search.press('Enter');
  await expect(archive.items).toHaveCount(0);
  await archive.search.fill('ferry');
  await archive.search.press('Enter');
  await archive.item(ANSWER.title).getByRole('link').first().click();
  await expect(page.getByTestId('summary')).toHaveText(ANSWER.summary);
});

test('a blank text leads back to the form, which says why', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.source.fill('   ');
  await desk.button.click();
  await expect(desk.hint).toContainText('That text was not taken');
  expect(page.url().length).toBeLessThan(60);
  expect(upstream.untaken).toBe(0);
});

test('nothing is promised that needs JavaScript', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await expect(desk.button).toHaveText(/Summarise/);
  await expect(page.locator('kbd')).toBeHidden();
  await expect(desk.count).toBeHidden();
  await desk.source.fill(TEXT);
  await desk.button.click();
  await page.waitForURL(/\/g\//);
  await (await upstream.next()).answer(ANSWER);
  await page.reload();
  await expect(page.getByText('The lighthouse keeper wound the clock').first()).toBeVisible();
});
