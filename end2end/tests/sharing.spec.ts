import type { APIRequestContext } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ settings: { PROVIDER: 'builtin' } });

const TEXT = 'The glacier melts in the summer. It has melted for years. Nobody has measured it.';

async function summarise(request: APIRequestContext): Promise<string> {
  const created = await (await request.post('/api/generations', { data: { text: TEXT } })).json();
  await (await request.get(created.events)).text();
  return created.id;
}

test('a summary is shared by a link, read by anyone, and withdrawn', async ({
  browser,
  page,
  request,
}) => {
  const id = await summarise(request);
  await page.goto(`/g/${id}`);
  const share = page.getByTestId('share');
  await share.getByRole('button', { name: 'Share' }).click();
  const link = await share.getByLabel('Link').inputValue();
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/\w{20,}$/);

  // Someone else, without scripts.
  const context = await browser.newContext({ javaScriptEnabled: false });
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole('heading', { level: 1 })).toContainText(/measured/i);
  await expect(other.locator('.text')).toContainText('melts');
  await expect(other.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);

  await share.getByRole('button', { name: 'Withdraw' }).click();
  await expect(share.getByRole('status')).toHaveText(/withdrawn/);
  const gone = await other.goto(link);
  expect(gone?.status()).toBe(410);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('No longer shared');
  await context.close();
});

test('the page of a share is accessible, in both languages', async ({ browser, request, baseURL }) => {
  const id = await summarise(request);
  const shared = await (await request.post(`/api/generations/${id}/share`)).json();
  for (const locale of ['en-GB', 'zh-CN']) {
    const context = await browser.newContext({ locale, baseURL });
    const page = await context.newPage();
    await page.goto(shared.url);
    await expectAccessible(page);
    await context.close();
  }
});
