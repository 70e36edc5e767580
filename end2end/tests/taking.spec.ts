import { readFile } from 'node:fs/promises';
import { makeLater } from '../fixtures/clock.ts';
import { ANSWER, HALF, TEXT, stopHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import type { Desk } from '../pages/desk.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const more = (desk: Desk) => desk.page.getByRole('button', { name: 'More', exact: true }).click();

test('Copy takes Markdown with title, link and date, and formatted text beside it', async ({
  desk,
  page,
  upstream,
}) => {
  const summary = 'The first <paragraph>.\n\nThe 🕐 second.';
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: ANSWER.title, summary });
  await desk.expectState('completed');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(desk.announcer).toContainText('Copied');
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type: string) => (await item.getType(type)).text();
    return { plain: await read('text/plain'), html: await read('text/html') };
  });
  const link = page.url().replaceAll('.', '\\.');
  expect(copied.plain).toMatch(
    new RegExp(`^# ${ANSWER.title}\n\n${summary}\n\n<${link}> · \\d{4}-\\d\\d-\\d\\d\n$`),
  );
  expect(copied.html).toContain(ANSWER.title);
  expect(copied.html).toContain('The first &lt;paragraph&gt;.');
  expect(copied.html).toContain(page.url());
  expect(copied.html).not.toContain('fake-1');
});

test('More takes plain text, and each field by itself', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await more(desk);
  await page.getByRole('button', { name: 'Copy title' }).click();
  await expect.poll(copied).toBe(ANSWER.title);
  await page.getByRole('button', { name: 'Copy summary' }).click();
  await expect.poll(copied).toBe(ANSWER.summary);
  await page.getByRole('button', { name: 'Copy plain text' }).click();
  await expect.poll(copied).toBe(`${ANSWER.title}\n\n${ANSWER.summary}`);
});

test('nothing moves when it says that it was copied', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  const place = () => page.getByRole('button', { name: 'More', exact: true }).boundingBox();
  const before = await place();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Copied', exact: true })).toBeVisible();
  expect(await place()).toEqual(before);
});

test('where the clipboard is out of reach, as on plain HTTP, copying works all the same', async ({
  desk,
  page,
  upstream,
}) => {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'clipboard', { value: undefined }),
  );
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(desk.announcer).toContainText('Copied');
  await desk.source.fill('');
  await desk.source.press('Control+V');
  await expect(desk.source).toHaveValue(new RegExp(`^# ${ANSWER.title}`));
});

test('the result can be downloaded as JSON', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  const download = page.waitForEvent('download');
  await more(desk);
  await page.getByRole('button', { name: 'Download JSON' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.json$/);
  const json = JSON.parse(await readFile(await file.path(), 'utf8'));
  const id = page.url().split('/').at(-1);
  expect(json).toMatchObject({ id, ...ANSWER, provider: 'openai', model: 'fake-1' });
  expect(Date.parse(json.created)).toBeGreaterThan(Date.parse('2020-01-01'));
});

test('the file of what was stopped says so, and when it was begun', async ({
  desk,
  page,
  request,
  upstream,
}) => {
  await stopHalf(desk, upstream);
  await makeLater(page, 3 * 3_600_000);
  const download = page.waitForEvent('download');
  await more(desk);
  await page.getByRole('button', { name: 'Download JSON' }).click();
  const json = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  expect(json).toMatchObject({ status: 'stopped', ...HALF });
  const snapshot = await request.get(page.url().replace('/g/', '/api/generations/'));
  const { created_ms } = await snapshot.json();
  expect(Math.abs(Date.parse(json.created) - created_ms)).toBeLessThan(5_000);
});
