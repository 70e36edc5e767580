import { HALF, TEXT, readHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { expectGrowth } from '../pages/desk.ts';

test('a reload in the middle loses nothing and repeats nothing', async ({ desk, upstream }) => {
  const answer = await readHalf(desk, upstream);

  await desk.page.reload();
  await expect(desk.title).toHaveText(HALF.title);
  await expect(desk.title).toHaveAttribute('data-final');
  await expect(desk.summary).toHaveText(HALF.summary);
  await desk.expectState('writing');
  const states = await desk.watch('summary');
  for (const piece of [' it any more', ', and the', ' village is late.']) await answer.write(piece);
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it any more, and the village is late.');
  expectGrowth(await states());
});

test('the back button leads to an empty form, forward to the result', async ({ desk, upstream }) => {
  const answer = await readHalf(desk, upstream);
  await desk.page.goBack();
  await desk.expectState('idle');
  await expect(desk.source).toHaveValue('');
  await answer.write(' it any more.');
  await desk.page.goForward();
  await answer.finish();
  await desk.expectDone(HALF.title, 'Nobody wound it any more.');
});

test('after a power cut what was seen is kept, and can be tried again', async ({
  complaints,
  desk,
  server,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await readHalf(desk, upstream);
  const states = await desk.watch('summary');

  await server.kill();
  await desk.expectState('reconnecting');
  await expect(desk.summary).toHaveText(HALF.summary);
  await server.restart();
  await desk.expectState('failed');
  await expect(desk.sheet).toContainText('The server was shut down in the middle.');
  await expect(desk.title).toHaveText(HALF.title);
  await expect(desk.summary).toHaveText(HALF.summary);
  expectGrowth(await states());
  await desk.page.reload();
  await expect(desk.summary).toHaveText(HALF.summary);
  await desk.expectState('failed');

  await desk.page.getByRole('button', { name: 'Try again' }).click();
  const again = await upstream.next();
  expect(again.input).toContain(TEXT);
  await again.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
});

test.describe('where what breaks off is continued', () => {
  test.use({ settings: { RESUME: 'on' } });

  test('after a power cut the answer is completed where it stood', async ({
    complaints,
    desk,
    server,
    upstream,
  }) => {
    complaints.expect(NETWORK);
    await readHalf(desk, upstream);
    const states = await desk.watch('summary');

    await server.kill();
    await desk.expectState('reconnecting');
    await server.restart();
    const rest = await upstream.next();
    expect(rest.body.messages.at(-2)?.content).toBe(
      `{"title": "${HALF.title}", "summary": "${HALF.summary}`,
    );
    await rest.write(' it any more.');
    await rest.raw('"}');
    await rest.over('stop');
    await desk.expectDone(HALF.title, 'Nobody wound it any more.');
    expectGrowth(await states());
  });

  test('a model that starts over is read on where it agrees', async ({ desk, upstream }) => {
    const answer = await readHalf(desk, upstream);
    const states = await desk.watch('summary');
    answer.drop();
    const again = await upstream.next();
    await again.answer({ title: HALF.title, summary: 'Nobody wound it any more.' });
    await desk.expectDone(HALF.title, 'Nobody wound it any more.');
    expectGrowth(await states());
  });
});

test('closing the server down ends what runs as interrupted', async ({
  complaints,
  desk,
  server,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await readHalf(desk, upstream);
  await server.terminate();
  await desk.expectState('failed');
  await expect(desk.sheet).toContainText('The server was shut down in the middle.');
  await expect(desk.summary).toHaveText(HALF.summary);
});
