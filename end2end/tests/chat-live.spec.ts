import type { Page } from '@playwright/test';
import { answer, name } from '../fixtures/talk.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { Conversation } from '../pages/conversation.ts';

/** How many conversation streams the server has open. */
async function streams(page: Page): Promise<number> {
  const answer = await page.request.get('/connections', { headers: { 'user-agent': 'end2end' } });
  return (await answer.json()).active_connections;
}

test('a reload in the middle of an answer goes on with it', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Go on?');
  const exchange = await upstream.next();
  await exchange.raw('One, ');
  await expect(conversation.answers).toHaveText('One,');
  await page.reload();
  await expect(conversation.answers).toHaveText('One,');
  await exchange.raw('two.');
  await expect(conversation.answers).toHaveText('One, two.');
  await exchange.over('stop');
  await conversation.expectAnswer('One, two.');
});

test('a server that is killed in the middle of an answer goes on with it', async ({
  complaints,
  conversation,
  server,
  upstream,
}) => {
  complaints.expect(NETWORK);
  await conversation.open();
  await conversation.ask('Go on?');
  await (await upstream.next()).raw('One, ');
  await expect(conversation.answers).toHaveText('One,');
  await server.kill();
  await expect(conversation.outage).toContainText('Connection lost');
  await expect(conversation.answers).toHaveText('One,');
  await server.restart();
  await expect(conversation.outage).toBeEmpty();
  await expect(conversation.page.getByTestId('answer')).not.toHaveAttribute('data-reply', 'running');
  await expect(conversation.answers).toContainText('One,');
  // The conversation goes on.
  await conversation.ask('And now?');
  const next = await upstream.next();
  await next.raw('Yes.');
  await next.over('stop');
  await conversation.expectAnswer('Yes.');
});

test('a cut connection loses nothing', async ({ complaints, conversation, line, upstream }) => {
  complaints.expect(NETWORK);
  await conversation.open(`${line.url}/chat`);
  await conversation.ask('Go on?');
  const exchange = await upstream.next();
  await exchange.raw('One, ');
  await expect(conversation.answers).toHaveText('One,');
  line.cut();
  await expect(conversation.outage).toContainText('Connection lost');
  await exchange.raw('two, ');
  line.mend();
  await exchange.raw('three.');
  await expect(conversation.answers).toHaveText('One, two, three.');
  await exchange.over('stop');
  await conversation.expectAnswer('One, two, three.');
  await expect(conversation.outage).toBeEmpty();
});

test('several tabs share one stream, and see the same', async ({ context, conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('Together?');
  const exchange = await upstream.next();
  await exchange.raw('One, ');
  await expect(conversation.answers).toHaveText('One,');
  const others: Conversation[] = [];
  for (let tab = 0; tab < 2; tab += 1) {
    const other = new Conversation(await context.newPage());
    await other.open(page.url());
    await expect(other.answers).toHaveText('One,');
    others.push(other);
  }
  await expect.poll(() => streams(page)).toBe(1);
  await exchange.raw('two');
  for (const other of others) await expect(other.answers).toHaveText('One, two');
  // The tab that has the stream goes, and another one takes it over.
  await page.close();
  await exchange.raw(', three.');
  for (const other of others) await expect(other.answers).toHaveText('One, two, three.');
  await expect.poll(() => streams(others[0].page)).toBe(1);
  await exchange.over('stop');
  for (const other of others) await other.expectAnswer('One, two, three.');
});

test('what is asked, renamed and chosen in one tab is seen in the other', async ({
  context,
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('First?');
  await answer(upstream, 'One.');
  await name(upstream, 'First');
  await conversation.expectAnswer('One.');
  const other = new Conversation(await context.newPage());
  await other.open(page.url());
  await other.ask('Second?');
  await answer(upstream, 'Two.');
  for (const one of [conversation, other]) {
    await expect(one.answers).toHaveText(['One.', 'Two.']);
  }
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Both');
  await page.keyboard.press('Enter');
  await expect(other.title).toHaveText('Both');
  await page.getByTestId('again').last().click();
  await answer(upstream, 'Three.');
  for (const one of [conversation, other]) await one.expectAnswer('Three.');
  await other.page.getByTestId('answer').last().getByTestId('previous-version').click();
  for (const one of [conversation, other]) await one.expectAnswer('Two.');
});

test('a conversation that is deleted elsewhere says so', async ({ conversation, page, request, upstream }) => {
  await conversation.open();
  await conversation.ask('First?');
  await answer(upstream, 'One.');
  await name(upstream, 'First');
  await conversation.expectAnswer('One.');
  await request.delete(new URL(page.url()).pathname.replace('/chat/', '/api/conversations/'));
  await expect(page.getByText('This conversation was deleted.')).toBeVisible();
  await expect(conversation.answers).toHaveText('One.');
});

test.describe('over plain HTTP in a network', () => {
  test.use({
    settings: { HOSTS: 'unspool.test' },
    baseURL: async ({ server }, use) => use(`http://unspool.test:${new URL(server.url).port}`),
  });

  test('each tab has a stream of its own', async ({ context, conversation, page, upstream }) => {
    await conversation.open();
    await conversation.ask('Alone?');
    const exchange = await upstream.next();
    await exchange.raw('One, ');
    const other = new Conversation(await context.newPage());
    await other.open(page.url());
    await exchange.raw('two.');
    for (const one of [conversation, other]) await expect(one.answers).toHaveText('One, two.');
    await exchange.over('stop');
    for (const one of [conversation, other]) await one.expectAnswer('One, two.');
  });
});

test('screen readers hear finished paragraphs, and not every word', async ({ conversation, upstream }) => {
  await conversation.open();
  await conversation.ask('Well?');
  const exchange = await upstream.next();
  await exchange.raw('One para');
  await expect(conversation.answers).toHaveText('One para');
  await expect(conversation.announcer).not.toContainText('One para');
  await exchange.raw('graph.\n\nAnother');
  await expect(conversation.announcer).toContainText('One paragraph.');
  await exchange.over('stop');
  await expect(conversation.announcer).toContainText('The answer is complete');
});
