import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const SUMMARY = [
  '## What happened',
  'The clock **stopped** in *1911*.',
  '- Nobody wound it.\n- The village is late.',
  '| When | What |\n| --- | --- |\n| 1911 | It stopped. |',
  '<b onclick="alert(1)">No markup</b> and [no script](javascript:alert(1)).',
].join('\n\n');

test('Markdown in a summary is formatted once it is whole, and markup stays text', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: 'The clock', summary: SUMMARY });
  await desk.expectState('completed');
  for (const time of ['as it ends', 'after a reload']) {
    const { summary } = desk;
    await expect(summary.getByRole('heading', { name: 'What happened' }), time).toBeVisible();
    await expect(summary.locator('strong')).toHaveText('stopped');
    await expect(summary.locator('em')).toHaveText('1911');
    await expect(summary.getByRole('listitem')).toHaveText([
      'Nobody wound it.',
      'The village is late.',
    ]);
    await expect(summary.getByRole('cell')).toHaveText(['1911', 'It stopped.']);
    await expect(summary).toContainText('<b onclick="alert(1)">No markup</b>');
    await expect(summary.locator('b[onclick], a[href^="javascript"]')).toHaveCount(0);
    await page.reload();
    await desk.expectAlive();
  }
});

test('a summary without marks is shown as it is', async ({ desk, page, upstream }) => {
  const summary = 'The first line.\nThe second line.';
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: 'The clock', summary });
  await desk.expectDone('The clock', summary);
  await expect(page.locator('.formatted')).toHaveCount(0);
});

test('on paper: title, source, its length, the model and the day', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: 'The clock', summary: 'It stopped.' });
  await desk.expectDone('The clock', 'It stopped.');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The clock');
  const source = page.locator('.read');
  await expect(source).toContainText('The lighthouse keeper wound the clock');
  await expect(source).toContainText('154 characters');
  await expect(source).toContainText(/\d{4}-\d\d-\d\d/);
  await expect(desk.provider).toBeVisible();
  for (const hidden of [desk.source, desk.button, page.getByRole('button', { name: 'More' })]) {
    await expect(hidden).toBeHidden();
  }
});

test('a question is suggested until one is asked', async ({ conversation, desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: 'The clock', summary: 'It stopped.' });
  await desk.expectDone('The clock', 'It stopped.');
  await page.getByRole('button', { name: 'List the names and dates' }).click();
  await expect(page).toHaveURL(/\/chat\//);
  await expect(conversation.questions).toHaveText(['List the names and dates']);
  expect((await upstream.next()).input).toContain('List the names and dates');
});
