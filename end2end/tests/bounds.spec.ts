import { Nginx, whyNoNginx } from '../fixtures/nginx.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import { Desk } from '../pages/desk.ts';

test('a blank text gets a hint, and nothing is asked', async ({ desk, page, upstream }) => {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') requests.push(request.url());
  });
  await page.goto('/');
  await desk.write('x');
  // White space, and characters that have no width.
  await desk.source.fill(' \n\t\u3000\u00a0\u200b\ufeff');
  await desk.button.click();
  await expect(desk.hint).toHaveText(/There is nothing to read yet/);
  await expect(desk.source).toBeFocused();
  await desk.expectState('idle');
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/$/);
  expect(requests).toEqual([]);
  expect(upstream.untaken).toBe(0);

  await desk.write(TEXT);
  await expect(desk.hint).toHaveText('');
});

test('characters are counted as people count them', async ({ desk, page }) => {
  await page.goto('/');
  await desk.write('a');
  await expect(desk.count).toHaveText('1 character');
  await desk.source.fill('钟🕐停了');
  await expect(desk.count).toHaveText('4 characters');
  await desk.source.fill('x'.repeat(12_345));
  await expect(desk.count).toHaveText(/^12,345 characters/);
});

test.describe('with a small limit', () => {
  test.use({ settings: { MAX_INPUT_BYTES: '2048' } });

  test('a text over it cannot be sent, and the page says why', async ({ desk, page }) => {
    await page.goto('/');
    await desk.write(TEXT);
    await expect(desk.button).toBeEnabled();
    await expect(page.getByText('limit 2 KB')).toBeVisible();
    await desk.write('钟'.repeat(700));
    await expect(desk.button).toBeDisabled();
    await expect(page.getByText(/over the limit/)).toBeVisible();
    await desk.write(TEXT);
    await expect(desk.button).toBeEnabled();
  });
});

test('a text that the server refuses for its size is told from one that a proxy refuses', async ({
  complaints,
  desk,
  page,
}) => {
  complaints.expect(/status of 413/);
  const problem = { status: 413, title: 'Content Too Large', code: 'too_large', detail: 'Over.' };
  const answers = [
    { contentType: 'application/problem+json', body: JSON.stringify(problem) },
    { contentType: 'text/html', body: '<h1>413 Request Entity Too Large</h1>' },
  ];
  await page.route('**/fn/start*', (route) => route.fulfill({ status: 413, ...answers.shift() }));
  await desk.summarise(TEXT);
  await expect(desk.hint).toContainText('raise UNSPOOL_MAX_INPUT_BYTES');
  await desk.button.click();
  await expect(desk.hint).toContainText('A proxy before the server refuses texts of this size');
});

test('a draft outlives a reload', async ({ desk, page }) => {
  await page.goto('/');
  await desk.write(TEXT);
  await page.goto('/history');
  await page.goto('/');
  await expect(desk.source).toHaveValue(TEXT);
});

test.describe('with room for one summary at a time', () => {
  test.use({ settings: { MAX_RUNNING: '1', MAX_WAITING: '0' }, locale: 'zh-CN' });

  test('a second one is refused in the reader’s language, and its text is kept', async ({
    complaints,
    context,
    desk,
    upstream,
  }) => {
    complaints.expect(/status of 503/);
    await desk.summarise(TEXT);
    const answer = await upstream.next();
    const second = new Desk(await context.newPage());
    await second.summarise(TEXT);
    await expect(second.hint).toHaveText('同时进行的摘要太多了。请稍后再试。');
    await expect(second.source).toHaveValue(TEXT);

    await answer.answer(ANSWER);
    await desk.expectState('completed');
    await second.button.click();
    await (await upstream.next()).answer(ANSWER);
    await second.expectState('completed');
  });
});

test.describe('behind nginx', () => {
  const missing = whyNoNginx();
  test.skip(missing !== null, missing ?? '');

  test('a text that the proxy refuses for its size is not taken for silence', async ({
    complaints,
    desk,
    page,
    server,
  }) => {
    complaints.expect(/status of 413/);
    const nginx = await Nginx.before(server.url, ['client_max_body_size 1k;']);
    try {
      await page.goto(nginx.url);
      await desk.write(TEXT.repeat(20));
      await desk.button.click();
      await expect(desk.hint).toContainText('A proxy before the server refuses texts of this size');
      await expect(desk.source).toHaveValue(TEXT.repeat(20));
      await expect(desk.button).toBeFocused();
    } finally {
      await nginx.dispose();
    }
  });
});
