import type { Page } from '@playwright/test';

import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, TEXT, readHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';

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

test('what needs the page to be alive is seen once it is', async ({ page }) => {
  const theme = page.getByRole('button', { name: /Theme/ });
  const release = await holdPage(page);
  await page.goto('/settings', { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(theme).toBeHidden();
  await release();
  await expect(theme).toBeVisible();
});

test('samples and the language work before the page is alive', async ({ desk, page }) => {
  await page.route('**/*.wasm', () => {});
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('link', { name: '会说话的河流' }).click();
  await expect(desk.source).toHaveValue(/河/);
  await page.getByRole('link', { name: '中文', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.goto('/history', { waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

/** Lets the time pass that styles wait for. */
const passTime = (page: Page) =>
  page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));

test('a page that does not come alive says what can be done', async ({
  complaints,
  desk,
  page,
}) => {
  complaints.expect(NETWORK);
  complaints.expect(/Failed to fetch/);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/');
  const words = page.getByText('Without JavaScript you can start a summary');
  await expect(words).toBeHidden();
  await passTime(page);
  await expect(words).toBeVisible();

  await page.unroute('**/*.wasm');
  await page.reload();
  await desk.write(TEXT);
  await passTime(page);
  await expect(words).toBeHidden();
});

for (const width of [1280, 390]) {
  test(`what runs offers no button that cannot work yet, ${width} wide`, async ({
    context,
    desk,
    page,
    upstream,
  }) => {
    await readHalf(desk, upstream);
    const cold = await context.newPage();
    await cold.setViewportSize({ width, height: 800 });
    const release = await holdPage(cold);
    await cold.goto(page.url(), { waitUntil: 'commit' });
    await expect(cold.getByTestId('title')).toBeVisible();
    await expect(cold.getByTestId('summarise')).toBeHidden();
    await release();
    await expect(cold.getByTestId('summarise')).toHaveText(/Stop/);
  });
}

/** The page's files that were asked for from now on, without their folder. */
function requestedFiles(page: Page): string[] {
  const files: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/pkg/')) files.push(pathname.split('/').pop() ?? '');
  });
  return files;
}

test('the code of a later page is fetched when it is opened', async ({ conversation, page }) => {
  const files = requestedFiles(page);
  await page.goto('/');
  await page.locator('html[data-alive]').waitFor();
  expect(files.filter((file) => file.endsWith('.wasm'))).toEqual(['unspool_bg.wasm']);

  await page.getByRole('link', { name: 'Chat' }).click();
  await expect(page).toHaveURL(/\/chat$/);
  await expect(conversation.box).toBeVisible();
  expect(files).toContain('split_chat_page.wasm');
});

test('a page whose code is not there any more is asked of the server', async ({
  complaints,
  page,
}) => {
  // A newer server has another version's files.
  complaints.expect(/404|Failed to execute|TypeError|MIME/);
  await page.goto('/');
  await page.locator('html[data-alive]').waitFor();
  await page.route('**/split_chat_page.wasm', (route) => route.fulfill({ status: 404 }), {
    times: 1,
  });
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
  });
  await page.getByRole('link', { name: 'Chat' }).click();
  await expect.poll(() => documents).toEqual(['/chat']);
  await page.locator('html[data-alive]').waitFor();
  await expect(page).toHaveURL(/\/chat$/);
});
