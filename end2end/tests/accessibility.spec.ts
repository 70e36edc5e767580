import { expectAccessible } from '../fixtures/accessible.ts';
import { ANSWER, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test('the empty page is accessible', async ({ desk, page }) => {
  await page.goto('/');
  await desk.expectState('idle');
  await expectAccessible(page);
});

test('a summary that is being written is accessible, and so when it is done', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.think('Hm.');
  await writeHalf(answer);
  await expect(desk.summary).toHaveText('Nobody wound');
  await expectAccessible(page);
  await answer.finish();
  await desk.expectState('completed');
  await expectAccessible(page);
});

test('a failure is accessible', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('No JSON at all.');
  await answer.over('stop');
  await desk.expectState('failed');
  await expect(page.getByText('What the model wrote')).toBeVisible();
  await expectAccessible(page);
});

test('the history is accessible', async ({ archive, page, request, upstream }) => {
  for (const title of ['A clock', 'A ferry']) {
    await request.post('/api/generations', { data: { text: TEXT } });
    await (await upstream.next()).answer({ ...ANSWER, title });
  }
  await archive.open();
  await expect(archive.items).toHaveCount(2);
  await expectAccessible(page);
  await archive.items.first().getByRole('button', { name: 'Delete' }).click();
  await expectAccessible(page);
});

test('a page that is not there is accessible', async ({ complaints, page }) => {
  complaints.expect(/status of 404/);
  await page.goto('/g/no-such-summary');
  await expectAccessible(page);
});
