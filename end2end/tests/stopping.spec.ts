import { installClock } from '../fixtures/clock.ts';
import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, HALF, TEXT, readHalf, stopHalf, writeHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { Desk } from '../pages/desk.ts';

async function expectStopped(desk: Desk): Promise<void> {
  await desk.expectState('stopped');
  await expect(desk.status).toContainText('Stopped: what had arrived is kept');
  await expect(desk.announcer).toContainText('Stopped');
  await expect(desk.title).toHaveText(HALF.title);
  await expect(desk.summary).toHaveText(HALF.summary);
  await expect(desk.button).toHaveText(/Summarise/);
}

test('Stop stops the provider too, and keeps the text', async ({ desk, upstream }) => {
  const answer = await readHalf(desk, upstream);
  await desk.page.getByRole('button', { name: 'Stop' }).click();
  await answer.closed;
  await expectStopped(desk);
  await desk.page.reload();
  await desk.expectState('stopped');
  await expect(desk.summary).toHaveText(HALF.summary);
});

test('Escape does the same', async ({ desk, upstream }) => {
  const answer = await readHalf(desk, upstream);
  await desk.page.keyboard.press('Escape');
  await answer.closed;
  await expectStopped(desk);
});

test('what is stopped in one tab is stopped in the other', async ({ context, desk, upstream }) => {
  const answer = await readHalf(desk, upstream);
  const other = new Desk(await context.newPage());
  await other.page.goto(desk.page.url());
  await expect(other.summary).toHaveText(HALF.summary);
  await desk.page.bringToFront();
  await desk.button.click();
  await answer.closed;
  await other.expectState('stopped');
});

test('what was stopped can be tried again', async ({ desk, upstream }) => {
  await readHalf(desk, upstream);
  const first = desk.page.url();
  await desk.button.click();
  await desk.expectState('stopped');
  await desk.page.getByRole('button', { name: 'Try again' }).click();
  const second = await upstream.next();
  expect(second.input).toContain(TEXT);
  await second.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
  expect(desk.page.url()).not.toBe(first);
});

test('a new attempt is said to be on its way while its text is fetched', async ({
  desk,
  page,
  upstream,
}) => {
  await stopHalf(desk, upstream);
  const release = await holdBack(page, '**/fn/input*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(desk.button).toHaveText(/Connecting/);
  await release();
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
});

test('and nothing else is started meanwhile', async ({ desk, page, request, upstream }) => {
  await stopHalf(desk, upstream);
  const release = await holdBack(page, '**/fn/input*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await desk.write('A text of my own.');
  await page.keyboard.press('Control+Enter');
  await release();
  const second = await upstream.next();
  expect(second.input).toContain(TEXT);
  await second.answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  await expect(desk.source).toHaveValue('A text of my own.');
  expect((await (await request.get('/api/generations')).json()).generations).toHaveLength(2);
});

test('nor is whoever goes on meanwhile led back', async ({ desk, page, upstream }) => {
  await stopHalf(desk, upstream);
  const release = await holdBack(page, '**/fn/input*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'Unspool' }).click();
  await desk.write('A text of my own.');
  await expect(desk.button).toHaveText(/Summarise/);
  const fetched = page.waitForResponse('**/fn/input*');
  await release();
  await fetched;
  await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));
  await expect(page).toHaveURL(/\/$/);
  expect(upstream.untaken).toBe(0);
});

test('another text that was typed meanwhile outlives a new attempt', async ({ desk, upstream }) => {
  await stopHalf(desk, upstream);
  await desk.write('A text of my own.');
  await desk.page.getByRole('button', { name: 'Try again' }).click();
  const second = await upstream.next();
  expect(second.input).toContain(TEXT);
  await expect(desk.hint).toContainText('Yours is still in the box');
  await second.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
  await expect(desk.source).toHaveValue('A text of my own.');
});

test('Stop is heard though the server was away for a moment', async ({
  complaints,
  desk,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  await page.route('**/fn/stop*', (route) => route.abort(), { times: 1 });
  await desk.button.click();
  await answer.closed;
  await expectStopped(desk);
});

test('whoever stops another one meanwhile has stopped both', async ({
  complaints,
  desk,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await page.route('**/fn/stop*', (route) => route.abort());
  const stop = async () => {
    const refused = page.waitForEvent('requestfailed', (all) => /stop/.test(all.url()));
    await desk.button.click();
    await refused;
  };
  const one = await readHalf(desk, upstream);
  await stop();
  await page.goBack();
  await desk.expectState('idle');
  await desk.source.fill(TEXT);
  await desk.button.click();
  const other = await upstream.next();
  await writeHalf(other);
  await expect(desk.summary).toHaveText(HALF.summary);
  await stop();
  await page.unroute('**/fn/stop*');
  await other.closed;
  await expectStopped(desk);
  await one.closed;
});

test('what is deleted only a while after its stop is not offered once more', async ({
  complaints,
  desk,
  page,
  request,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await installClock(page);
  await readHalf(desk, upstream);
  const looked = page.waitForResponse('**/fn/look*');
  await desk.button.click();
  await expectStopped(desk);
  await page.clock.fastForward(500);
  expect((await looked).status()).toBe(200);
  await request.delete(page.url().replace('/g/', '/api/generations/'));
  await page.clock.fastForward(6_000);
  await expect(desk.status).toContainText('This summary was deleted');
  await expect(desk.summary).toHaveText(HALF.summary);
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
});

test.describe('while the connection is lost, on a phone', () => {
  test.use({
    viewport: { width: 390, height: 844 },
    baseURL: async ({ line }, use) => use(line.url),
  });

  test('Stop waits for the server, and nothing moves', async ({
    complaints,
    desk,
    line,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    const answer = await readHalf(desk, upstream);
    line.cut();
    await desk.expectState('reconnecting');
    const places = async () => {
      const parts = [desk.title, desk.summary, desk.button];
      return Promise.all(parts.map((part) => part.boundingBox()));
    };
    const before = await places();
    const refused = desk.page.waitForEvent('requestfailed', (all) => /stop/.test(all.url()));
    await desk.button.click();
    await refused;
    await expect(desk.button).toContainText('once the server answers');
    await expect(desk.announcer).toContainText('Stop: once the server answers');
    await expect(desk.source).toBeHidden();
    await expect(desk.hint).toBeEmpty();
    expect(await places()).toEqual(before);

    line.mend();
    await answer.closed;
    await expectStopped(desk);
    await expect(desk.button).not.toContainText('server');
    await expect(desk.hint).toBeEmpty();
  });

  test('a run that has ended meanwhile has nothing to stop', async ({
    complaints,
    desk,
    line,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    const answer = await readHalf(desk, upstream);
    line.cut();
    await desk.expectState('reconnecting');
    await desk.button.click();
    await expect(desk.button).toContainText('once the server answers');
    await answer.write(' it.');
    await answer.finish();
    line.mend();
    await desk.expectDone(HALF.title, 'Nobody wound it.');
    await expect(desk.button).toHaveText(/^Summarise/);
    await expect(desk.hint).toBeEmpty();
  });
});
