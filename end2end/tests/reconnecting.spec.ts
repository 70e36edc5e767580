import { installClock } from '../fixtures/clock.ts';
import { HALF, readHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { expectGrowth } from '../pages/desk.ts';

test.use({ baseURL: async ({ line }, use) => use(line.url) });

test('a lost connection is said, and the text goes on to the character', async ({
  complaints,
  desk,
  line,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  const states = await desk.watch('summary');

  line.cut();
  await desk.expectState('reconnecting');
  await expect(desk.status).toHaveText(/Connection lost, trying again in \d+ s/);
  await expect(desk.announcer).toContainText('Connection lost');
  await answer.write(' it any', ' more, and');
  await expect(desk.summary).toHaveText(HALF.summary);

  line.mend();
  await expect(desk.summary).toHaveText('Nobody wound it any more, and');
  await desk.expectState('writing');
  await answer.write(' so on.');
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it any more, and so on.');
  expectGrowth(await states());
});

test('a cut in the middle of an event repeats nothing', async ({
  complaints,
  desk,
  line,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  const states = await desk.watch('summary');

  line.cutInside('钟声停了');
  await answer.write(' it. ', '钟声停了', '，渡船先走。');
  await desk.expectState('reconnecting');
  line.mend();
  await expect(desk.summary).toHaveText('Nobody wound it. 钟声停了，渡船先走。');
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it. 钟声停了，渡船先走。');
  expectGrowth(await states());
});

test('a connection that dies without a word is noticed', async ({
  complaints,
  desk,
  line,
  page,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await installClock(page);
  const answer = await readHalf(desk, upstream);
  line.freeze();
  await answer.write(' it.');
  const asked = page.waitForRequest('**/fn/look*');
  await page.clock.fastForward(21_000);
  await asked;
  await desk.expectState('writing');
  // Nor is that question answered.
  await page.clock.fastForward(9_000);
  await desk.expectState('reconnecting');

  line.mend();
  // Some of the connections that the browser has kept are dead, too.
  await expect(async () => {
    await page.clock.fastForward(5_000);
    await expect(desk.summary).toHaveText('Nobody wound it.', { timeout: 1_000 });
  }).toPass();
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it.');
});

test('coming back online connects at once', async ({
  complaints,
  context,
  desk,
  line,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  await context.setOffline(true);
  line.cut();
  await desk.expectState('reconnecting');
  await answer.write(' it.');
  line.mend();
  await context.setOffline(false);
  await expect(desk.summary).toHaveText('Nobody wound it.');
  await desk.expectState('writing');
});

for (const [screen, viewport] of [
  ['a phone', { width: 390, height: 844 }],
  ['a desktop', { width: 1280, height: 800 }],
] as const) {
  test(`on ${screen}, whoever follows a long text sees what happens, and hears it once`, async ({
    complaints,
    desk,
    line,
    page,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    await page.setViewportSize(viewport);
    const answer = await readHalf(desk, upstream);
    await answer.write('\n\nThe village was late for the ferry again.'.repeat(40), ' At last');
    const end = desk.summary.getByText('At last');
    await expect(end).toBeAttached();
    await page.mouse.wheel(0, 100_000);
    await expect(end).toBeInViewport();
    await expect(desk.title).not.toBeInViewport();
    await expect(desk.status).toBeInViewport({ ratio: 1 });
    const place = (await end.boundingBox())!.y;

    const said = await desk.hear();
    line.cut();
    await desk.expectState('reconnecting');
    await expect(desk.status).toHaveText(/Connection lost/);
    await expect(desk.status).toBeInViewport({ ratio: 1 });
    expect((await end.boundingBox())!.y).toBe(place);
    line.mend();
    await desk.expectState('writing');
    expect((await said()).match(/Connection lost/g)).toHaveLength(1);

    answer.drop();
    await desk.expectState('failed');
    await expect(desk.status).toHaveText('Failed');
    await expect(desk.status).toBeInViewport({ ratio: 1 });
  });
}
