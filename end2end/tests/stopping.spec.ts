import { HALF, TEXT, readHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
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

test('another text that was typed meanwhile outlives a new attempt', async ({ desk, upstream }) => {
  await readHalf(desk, upstream);
  await desk.button.click();
  await desk.expectState('stopped');
  await desk.write('A text of my own.');
  await desk.page.getByRole('button', { name: 'Try again' }).click();
  const second = await upstream.next();
  expect(second.input).toContain(TEXT);
  await expect(desk.hint).toContainText('Yours is still in the box');
  await second.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
  await expect(desk.source).toHaveValue('A text of my own.');
});
