import type { Page } from '@playwright/test';
import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, TEXT, HALF } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { expectGrowth, type Desk } from '../pages/desk.ts';
import type { Upstream } from '../fixtures/upstream.ts';

const LONG = { title: ANSWER.title, summary: 'Nobody wound the clock. '.repeat(200).trim() };

/** The server refuses whatever it is asked to start. */
const refuseStarts = (page: Page) =>
  page.route('**/fn/start*', (route) => route.fulfill({ status: 503, body: '' }));

async function readLong(desk: Desk, upstream: Upstream): Promise<void> {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(LONG);
  await desk.expectDone(LONG.title, LONG.summary);
}

test('a start that fails leaves the sheet as it was', async ({
  complaints,
  desk,
  page,
  server,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await readLong(desk, upstream);
  const sheet = await desk.sheet.textContent();
  const states = await desk.watch('summary');
  const heard = await desk.hear();
  await server.kill();
  await desk.button.click();
  await expect(desk.hint).toContainText('The server does not answer');
  await expect(desk.button).toHaveText(/Summarise/);
  await desk.expectState('completed');
  expect(await desk.sheet.textContent()).toBe(sheet);
  expect(await states()).toEqual([LONG.summary]);
  expect(await heard()).toBe('');
});

test('while one is on its way, too, and the button says so', async ({ desk, page, upstream }) => {
  await readLong(desk, upstream);
  const release = await holdBack(page, '**/fn/start*');
  await desk.button.click();
  await expect(desk.button).toHaveText(/Connecting/);
  await expect(desk.button).toBeDisabled();
  await desk.expectDone(LONG.title, LONG.summary);
  await release();
  await (await upstream.next()).answer(HALF);
  await desk.expectDone(HALF.title, HALF.summary);
  await expect(desk.button).toHaveText(/Summarise/);
});

test('a double click starts one summary, and does not stop it', async ({
  desk,
  page,
  request,
  upstream,
}) => {
  await page.goto('/');
  await desk.write(TEXT);
  // The second click comes when there is something to stop.
  await desk.button.click({ clickCount: 2, delay: 150 });
  const answer = await upstream.next();
  await desk.expectState('reading');
  await answer.answer(HALF);
  await desk.expectDone(HALF.title, HALF.summary);
  expect((await (await request.get('/api/generations')).json()).generations).toHaveLength(1);
});

test('a page is sent no more frames than it can paint', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT);
  const stream = page.waitForRequest((request) => request.url().includes('/events'));
  await desk.button.click();
  expect(new URL((await stream).url()).searchParams.get('fps')).toBe('30');
  const answer = await upstream.next();
  await answer.answer(HALF);
  await desk.expectDone(HALF.title, HALF.summary);
});

test('each summary has a sheet of its own, forth and back', async ({ desk, page, upstream }) => {
  await readLong(desk, upstream);
  const first = page.url();
  await desk.button.click();
  const answer = await upstream.next();
  await expect(page).not.toHaveURL(first);
  const states = await desk.watch('summary');
  await answer.answer(HALF);
  await desk.expectDone(HALF.title, HALF.summary);
  expectGrowth(await states());
  await page.goBack();
  await desk.expectDone(LONG.title, LONG.summary);
  await page.goForward();
  await desk.expectDone(HALF.title, HALF.summary);
});
