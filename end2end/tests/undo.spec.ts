import { installClock } from '../fixtures/clock.ts';
import { holdBack } from '../fixtures/hold.ts';
import { answer, name } from '../fixtures/talk.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const OWN = 'A text of the reader’s own, on which they have been writing for an hour.';

const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});

test('a file takes the place of a text, which one can have back', async ({ desk, page }) => {
  await desk.open();
  await desk.write(OWN);
  await desk.file.setInputFiles(file('notes.txt', 'From the file.'));
  await expect(desk.source).toHaveValue('From the file.');
  await expect(desk.notices).toContainText('Replaced by notes.txt');
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.source).toHaveValue(OWN);
  await expect(desk.notices).toBeEmpty();
  await page.reload();
  await expect(desk.source).toHaveValue(OWN);
});

test('the browser’s own undo brings it back, too', async ({ desk }) => {
  await desk.open();
  await desk.write(OWN);
  await desk.file.setInputFiles(file('notes.txt', 'From the file.'));
  await expect(desk.source).toHaveValue('From the file.');
  await desk.source.press('Control+z');
  await expect(desk.source).toHaveValue(OWN);
});

test('a file in an empty box takes no one’s place', async ({ desk }) => {
  await desk.open();
  await desk.file.setInputFiles(file('notes.txt', 'From the file.'));
  await expect(desk.source).toHaveValue('From the file.');
  await expect(desk.notices).toBeEmpty();
});

test('what is written on after a replacement is not undone with it', async ({ desk }) => {
  await desk.open();
  await desk.write(OWN);
  await desk.file.setInputFiles(file('notes.txt', 'From the file.'));
  await expect(desk.notices).toContainText('Undo');
  await desk.source.press('End');
  await desk.source.pressSequentially('!');
  await expect(desk.notices).toBeEmpty();
});

test('Clear empties the box, and can be taken back', async ({ desk, page }) => {
  await desk.open();
  await expect(page.getByRole('button', { name: 'Clear' })).toBeHidden();
  await desk.write(OWN);
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(desk.source).toHaveValue('');
  await expect(desk.source).toBeFocused();
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.source).toHaveValue(OWN);
});

test('New leads to an empty page from anywhere, and can be taken back', async ({ desk, page }) => {
  await desk.open();
  await desk.write(OWN);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('link', { name: 'New', exact: true }).click();
  await desk.expectState('idle');
  await expect(desk.source).toHaveValue('');
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.source).toHaveValue(OWN);
  await page.getByRole('link', { name: 'New', exact: true }).click();
  await expect(desk.source).toHaveValue('');
});

test('the wordmark leads to an empty page once the text was summarised', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  await expect(desk.source).toHaveValue(TEXT);
  await page.getByRole('link', { name: 'Unspool' }).click();
  await desk.expectState('idle');
  await expect(desk.source).toHaveValue('');
  await page.reload();
  await desk.expectAlive();
  await expect(desk.source).toHaveValue('');
});

test('deleting on the sheet can be undone, and leaves nothing behind', async ({
  complaints,
  desk,
  page,
  request,
  upstream,
}) => {
  await installClock(page);
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  const path = new URL(page.url()).pathname;
  const api = path.replace('/g/', '/api/generations/');
  const remove = async () => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await desk.expectState('idle');
    await expect(desk.source).toHaveValue('');
    await expect(desk.notices).toContainText(`Deleted “${ANSWER.title}”`);
  };
  await remove();
  await page.clock.fastForward(9_000);
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  await page.clock.fastForward(20_000);
  expect((await request.get(api)).status()).toBe(200);

  await remove();
  await page.clock.fastForward(10_000);
  await expect.poll(async () => (await request.get(api)).status()).toBe(404);
  await expect(desk.notices).toBeEmpty();
  const kept = () =>
    page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  await expect.poll(kept).not.toContain(path.replace('/g/', ''));
  expect(await kept()).not.toContain(TEXT.slice(0, 30));
  await expect(desk.source).toHaveValue('');
  complaints.expect(/status of 404/);
  await page.goto(path);
  await expect(page.getByText('There is nothing here')).toBeVisible();
});

test('whoever leaves the page has deleted it', async ({ desk, page, request, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  const api = new URL(page.url()).pathname.replace('/g/', '/api/generations/');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await desk.expectState('idle');
  expect((await request.get(api)).status()).toBe(200);
  await page.goto('about:blank');
  await expect.poll(async () => (await request.get(api)).status()).toBe(404);
});

test('a conversation that was deleted can be had back', async ({
  conversation,
  desk,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Why is the village late?');
  await answer(upstream, 'Nobody wound the clock.');
  await conversation.expectAnswer('Nobody wound the clock.');
  await name(upstream, 'The late village');
  await expect(conversation.title).toHaveText('The late village');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/chat$/);
  await expect(page.getByRole('searchbox')).toBeVisible();
  await expect(conversation.listed).toBeHidden();
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await conversation.expectAnswer('Nobody wound the clock.');
});

test('a sample by link takes nothing that was written before', async ({ desk, page }) => {
  await desk.open();
  await desk.write(OWN);
  const release = await holdBack(page, '**/*.wasm');
  await page.goto('/?sample=en', { waitUntil: 'commit' });
  await expect(desk.source).toHaveValue(/clock/);
  await release();
  await desk.expectAlive();
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.source).toHaveValue(OWN);
});
