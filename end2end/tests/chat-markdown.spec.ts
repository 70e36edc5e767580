import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

const TEXT = [
  '## The ice\n\nIt was **one metre** thick.\n\n- November\n- January\n\n',
  '| month | ice |\n|---|---|\n| January | 1 m |\n\n',
  '```rust\nfn main() {}\n```\n\n',
  '<b id="raw">bold</b> and [a link](https://lake.example/), [a trap](javascript:alert(1)).',
];

test('an answer is formatted as it comes, and the same after a reload', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('What about the ice?');
  const exchange = await upstream.next();
  await exchange.raw('## The ice\n\nIt was **one me');
  const shown = conversation.answers;
  await expect(shown.getByRole('heading')).toHaveText('The ice');
  await expect(shown.locator('strong')).toHaveText('one me');
  await exchange.raw(TEXT.join('').slice('## The ice\n\nIt was **one me'.length));
  await expect(shown.getByRole('listitem')).toHaveText(['November', 'January']);
  await expect(shown.getByRole('cell')).toHaveText(['January', '1 m']);
  await expect(shown.locator('pre')).toHaveText('fn main() {}');
  await exchange.over('stop');
  await conversation.expectState('completed');
  const link = shown.getByRole('link', { name: 'a link' });
  await expect(link).toHaveAttribute('rel', 'noopener nofollow');
  await expect(shown.getByRole('link')).toHaveCount(1);
  await expect(page.locator('#raw')).toHaveCount(0);
  await expect(shown).toContainText('<b id="raw">bold</b>');
  const html = await shown.locator('.markdown').innerHTML();
  await name(upstream, 'Ice');
  await page.reload();
  await page.locator('html[data-alive]').waitFor();
  expect(await shown.locator('.markdown').innerHTML()).toBe(html);
});

test('versions stay formatted when they are switched', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('A word?');
  await answer(upstream, '**One**');
  await name(upstream, 'Words');
  await conversation.expectAnswer('One');
  await page.getByTestId('again').click();
  await answer(upstream, '*Two*');
  await conversation.expectAnswer('Two');
  await expect(conversation.answers.locator('em')).toHaveText('Two');
  const versions = page.getByTestId('answer');
  await versions.getByTestId('previous-version').click();
  await expect(conversation.answers.locator('strong')).toHaveText('One');
  await versions.getByTestId('next-version').click();
  await expect(conversation.answers.locator('em')).toHaveText('Two');
});

test('what had come of an answer that failed is formatted, and can be copied', async ({
  conversation,
  page,
  upstream,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await conversation.open();
  await conversation.ask('Half?');
  const exchange = await upstream.next();
  await exchange.raw('**Half** of');
  await expect(conversation.answers.locator('strong')).toHaveText('Half');
  await exchange.over('length');
  await conversation.expectState('failed');
  await expect(conversation.answers.locator('strong')).toHaveText('Half');
  await expect(async () => {
    await page.getByTestId('answer').getByRole('button', { name: 'Copy' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('**Half** of');
  }).toPass();
});
