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

test('an end that came while the connection was lost is caught up with', async ({
  complaints,
  desk,
  line,
  upstream,
}) => {
  complaints.expect(NETWORK);
  const answer = await readHalf(desk, upstream);
  line.cut();
  await desk.expectState('reconnecting');
  await answer.write(' it.');
  await answer.finish();
  line.mend();
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
