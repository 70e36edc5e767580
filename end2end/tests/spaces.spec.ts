import type { Browser, BrowserContext } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

const ALICE = 'alice-0123456789abcdef';
const BOB = 'bob-fedcba9876543210';
const TEXT = 'The glacier melts in the summer. It has melted for years. Nobody has measured it.';

async function summarise(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('textbox').first().fill(TEXT);
  await page.getByRole('button', { name: /Summarise/ }).click();
  await expect(page).toHaveURL(/\/g\/\w+$/);
  await page.close();
}

async function listed(context: BrowserContext): Promise<number> {
  const page = await context.newPage();
  await page.goto('/history');
  const items = page.getByTestId('item');
  await expect(items.or(page.locator('.nothing')).first()).toBeVisible();
  const count = await items.count();
  await page.close();
  return count;
}

async function logIn(browser: Browser, baseURL: string, token: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto('/history');
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
  await page.close();
  return context;
}

test.describe('with tokens', () => {
  test.use({
    settings: { PROVIDER: 'builtin', ACCESS: 'token', TOKENS: `alice:${ALICE},bob:${BOB}` },
  });

  test('two who log in cannot see each other, and one logs out', async ({ browser, baseURL }) => {
    const alice = await logIn(browser, baseURL!, ALICE);
    const bob = await logIn(browser, baseURL!, BOB);
    await summarise(alice);
    expect(await listed(alice)).toBe(1);
    expect(await listed(bob)).toBe(0);

    const page = await alice.newPage();
    await page.goto('/history');
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page).toHaveURL(/\/login$/);
    const back = await page.goto('/history');
    expect(back?.status()).toBe(401);
    await expect(page.getByLabel('Token')).toBeVisible();
    await alice.close();
    await bob.close();
  });

  test('one logs in without JavaScript, after a wrong token', async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto('/history');
    await page.getByLabel('Token').fill('a-token-that-nobody-has');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toContainText('There is no such token');
    await page.getByLabel('Token').fill(ALICE);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL(/\/history$/);
    await expect(page.getByRole('heading', { name: 'History' })).toBeVisible();
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByLabel('Token')).toBeVisible();
    await context.close();
  });
});

test.describe('by browser', () => {
  test.use({ settings: { PROVIDER: 'builtin', ACCESS: 'browser' } });

  test('two browsers cannot see each other', async ({ browser, baseURL }) => {
    const one = await browser.newContext({ baseURL });
    const other = await browser.newContext({ baseURL });
    await summarise(one);
    expect(await listed(one)).toBe(1);
    expect(await listed(other)).toBe(0);
    await one.close();
    await other.close();
  });
});

test.describe('by a proxy', () => {
  test.use({
    settings: {
      PROVIDER: 'builtin',
      ACCESS: 'header:Remote-User',
      TRUSTED_PROXIES: '127.0.0.1',
    },
  });

  test('two users cannot see each other', async ({ browser, baseURL }) => {
    const as = (user: string) =>
      browser.newContext({ baseURL, extraHTTPHeaders: { 'Remote-User': user } });
    const [alice, bob] = [await as('alice'), await as('bob')];
    await summarise(alice);
    expect(await listed(alice)).toBe(1);
    expect(await listed(bob)).toBe(0);
    await alice.close();
    await bob.close();
  });
});
