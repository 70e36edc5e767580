import type { Page } from '@playwright/test';
import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

/** How far the last question is from the top of the view, in pixels. */
async function topOfLastTurn(page: Page): Promise<number> {
  return page
    .locator('.turn')
    .last()
    .evaluate((turn) => turn.getBoundingClientRect().top);
}

test('a question is answered, and the next one follows it', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Why did the lake freeze?');
  const first = await upstream.next();
  await expect(page).toHaveURL(/\/chat\/[\w-]+$/);
  await first.raw('Because it was ', 'cold.');
  await expect(conversation.answers).toHaveText('Because it was cold.');
  await conversation.expectState('running');
  await first.over('stop');
  await conversation.expectAnswer('Because it was cold.');
  await name(upstream, 'The frozen lake');
  await expect(conversation.title).toHaveText('The frozen lake');
  await expect(page).toHaveTitle(/The frozen lake/);
  await conversation.ask('And when did it thaw?');
  const second = await answer(upstream, 'In March.');
  expect(second.body.messages.map(({ content }) => content)).toContain('Why did the lake freeze?');
  await conversation.expectAnswer('In March.');
  await expect(conversation.questions).toHaveText([
    'Why did the lake freeze?',
    'And when did it thaw?',
  ]);
  await page.reload();
  await expect(conversation.answers).toHaveText(['Because it was cold.', 'In March.']);
  await page.goto('/chat');
  await expect(conversation.listed).toHaveText(/The frozen lake/);
});

test('a question that is edited is asked again beside the old one', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Why ice?');
  await answer(upstream, 'Cold.');
  await name(upstream, 'Ice');
  await conversation.expectAnswer('Cold.');
  await page.getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('textbox', { name: 'Edit' });
  await expect(editor).toBeFocused();
  await editor.fill('Why so much ice?');
  await editor.press('Enter');
  const asked = await answer(upstream, 'A long winter.');
  expect(asked.input).toContain('Why so much ice?');
  await conversation.expectAnswer('A long winter.');
  await expect(conversation.questions).toHaveText('Why so much ice?');
  await expect(page.getByTestId('question').getByTestId('version')).toHaveText('2 of 2');
  await page.getByTestId('question').getByTestId('previous-version').click();
  await conversation.expectAnswer('Cold.');
  await expect(conversation.questions).toHaveText('Why ice?');
  // The branch is chosen for good.
  await page.reload();
  await conversation.expectAnswer('Cold.');
});

test('an answer is written again, and its versions can be switched', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('A number?');
  await answer(upstream, 'One.');
  await name(upstream, 'Numbers');
  await conversation.expectAnswer('One.');
  await page.getByTestId('again').click();
  await answer(upstream, 'Two.');
  await conversation.expectAnswer('Two.');
  const versions = page.getByTestId('answer');
  await expect(versions.getByTestId('version')).toHaveText('2 of 2');
  await versions.getByTestId('previous-version').click();
  await conversation.expectAnswer('One.');
  await versions.getByTestId('next-version').click();
  await conversation.expectAnswer('Two.');
});

test('an answer is stopped, and what had arrived stays', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('Tell me all.');
  const exchange = await upstream.next();
  await exchange.raw('All of it is');
  await expect(conversation.answers).toHaveText('All of it is');
  await conversation.box.press('Escape');
  await exchange.closed;
  await conversation.expectState('stopped');
  await expect(conversation.answers).toHaveText('All of it is');
  await expect(conversation.stop).toBeHidden();
  await page.reload();
  await conversation.expectState('stopped');
  await expect(conversation.answers).toHaveText('All of it is');
});

test('a message waits for the answer that is being written', async ({ conversation, upstream }) => {
  await conversation.open();
  await conversation.ask('First?');
  const first = await upstream.next();
  await first.raw('One');
  await expect(conversation.answers).toHaveText('One');
  await conversation.ask('Second?');
  await expect(conversation.outgoing).toContainText('Second?');
  await expect(conversation.outgoing).toContainText('Waits until the answer above is complete');
  expect(upstream.untaken).toBe(0);
  await first.over('stop');
  const next = await upstream.next();
  // The title is asked for at the same moment.
  const other = await upstream.next();
  const [second, title] = next.input.includes('Second?') && !next.input.includes('First?') ? [next, other] : [other, next];
  await title.raw(JSON.stringify({ title: 'Two questions' }));
  await title.over('stop');
  await second.raw('Two');
  await second.over('stop');
  await conversation.expectAnswer('Two');
  await expect(conversation.outgoing).toHaveCount(0);
  await expect(conversation.answers).toHaveText(['One', 'Two']);
});

test('a question is brought to the top of the view and stays there', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('First?');
  await answer(upstream, `${'A long line of an answer. '.repeat(40)}\n\n`.repeat(8));
  await name(upstream, 'Long');
  await conversation.expectState('completed');
  await conversation.ask('Second?');
  const second = await upstream.next();
  await expect.poll(() => topOfLastTurn(page)).toBeLessThan(60);
  const top = await topOfLastTurn(page);
  for (let part = 0; part < 20; part += 1) {
    await second.raw(`${'More and more of it. '.repeat(20)}\n\n`);
  }
  await second.over('stop');
  await conversation.expectState('completed');
  expect(Math.abs((await topOfLastTurn(page)) - top)).toBeLessThan(2);
});

test('a failed answer says why under its question, and is tried again', async ({
  complaints,
  conversation,
  page,
  upstream,
}) => {
  complaints.expect(/status of/);
  await conversation.open();
  await conversation.ask('Well?');
  (await upstream.next()).refuse(401, 'no such key');
  await conversation.expectState('failed');
  await expect(page.getByTestId('reply-failure')).toContainText('refused');
  await page.getByTestId('reply-failure').getByRole('button').click();
  await answer(upstream, 'Yes.');
  await conversation.expectAnswer('Yes.');
});

test('what cannot be sent says so, and is sent again once', async ({
  complaints,
  conversation,
  line,
  page,
  upstream,
}) => {
  complaints.expect(/ERR_/);
  await conversation.open(`${line.url}/chat`);
  line.cut();
  await conversation.ask('Anybody there?');
  await expect(conversation.outgoing).toContainText('This was not sent.');
  line.mend();
  await page.getByRole('button', { name: 'Try again' }).click();
  await answer(upstream, 'Yes.');
  await conversation.expectAnswer('Yes.');
  await expect(conversation.questions).toHaveCount(1);
});

test('a conversation is renamed and deleted', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('Hm?');
  await answer(upstream, 'Hm.');
  await name(upstream, 'Hm');
  await expect(conversation.title).toHaveText('Hm');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('A short exchange');
  await page.keyboard.press('Enter');
  await expect(conversation.title).toHaveText('A short exchange');
  await page.reload();
  await expect(conversation.title).toHaveText('A short exchange');
  await page.locator('html[data-alive]').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/chat$/);
  await expect(conversation.listed).toBeHidden();
});

test('conversations are searched by their titles and questions', async ({
  conversation,
  page,
  request,
  upstream,
}) => {
  for (const [content, title] of [['Why ice?', 'The lake'], ['Why fire?', 'The stove']]) {
    await request.post('/api/conversations/send', { data: { content } });
    await answer(upstream, 'Because.');
    await name(upstream, title);
  }
  await conversation.open();
  await expect(conversation.listed).toHaveCount(2);
  await page.getByRole('searchbox').fill('fire');
  await page.keyboard.press('Enter');
  await expect(conversation.listed).toHaveCount(1);
  await expect(conversation.listed).toContainText('The stove');
});

test('a conversation about a text begins under its summary', async ({ conversation, desk, page, upstream }) => {
  const text = 'The lake froze in November. The road over the ice was gone in March.';
  await desk.summarise(text);
  await (await upstream.next()).answer({ title: 'Ice', summary: 'A frozen lake.' });
  await desk.expectState('completed');
  await conversation.ask('When was the road gone?');
  await expect(page).toHaveURL(/\/chat\//);
  const asked = await upstream.next();
  expect(asked.body.messages.map(({ content }) => content).join('\n')).toContain('The lake froze');
  await asked.raw('In March.');
  await asked.over('stop');
  await conversation.expectAnswer('In March.');
  await page.getByTestId('about').getByRole('link').click();
  await expect(desk.summary).toHaveText('A frozen lake.');
});
