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

test('menus, notices and questions are accessible', async ({ desk, page, upstream }) => {
  await desk.open();
  await desk.write('Too short.');
  await desk.button.click();
  await expect(page.getByRole('button', { name: 'Send anyway' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(desk.notices).toContainText('Undo');
  await expectAccessible(page);
  await desk.write(TEXT);
  await desk.button.click();
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expectAccessible(page);
});

test('a refusal is accessible', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  (await upstream.next()).refuse(401, 'No such key.');
  await desk.expectState('failed');
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
  await archive.items.first().getByRole('button', { name: 'More about' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(archive.items).toHaveCount(1);
  await expectAccessible(page);
});

test('a page that is not there is accessible', async ({ complaints, page }) => {
  complaints.expect(/status of 404/);
  await page.goto('/g/no-such-summary');
  await expectAccessible(page);
});
