import { Elsewhere } from '../fixtures/elsewhere.ts';
import { answer, name } from '../fixtures/talk.ts';
import { expect, test as base } from '../fixtures/test.ts';

/** Pages of another site, which the server lets call. */
const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({}, use) => {
    const elsewhere = await Elsewhere.start();
    await use(elsewhere);
    await elsewhere.dispose();
  },
  settings: async ({ elsewhere }, use) => use({ CORS_ORIGINS: elsewhere.origin }),
});

test('the client of the agents follows a conversation', async ({
  elsewhere,
  page,
  request,
  server,
  upstream,
}) => {
  const sent = await request.post('/api/conversations/send', { data: { content: 'Why ice?' } });
  const { conversation_id } = await sent.json();
  const exchange = await upstream.next();
  await page.goto(elsewhere.page('agents.html', server.url, { thread: conversation_id }));
  const growing = page.locator('#current-ai-response');
  await exchange.raw('Because ');
  await expect(growing).toHaveText('Because');
  await exchange.raw('it was cold.');
  await expect(growing).toHaveText('Because it was cold.');
  await exchange.over('stop');
  await expect(page.locator('#said li')).toHaveText(['Because it was cold.']);
  await name(upstream, 'Ice');
  // The stream stays open for the next turn.
  await request.post('/api/conversations/send', { data: { content: 'And?', conversation_id } });
  await answer(upstream, 'Then it thawed.');
  await expect(page.locator('#said li')).toHaveText(['Because it was cold.', 'Then it thawed.']);
});

test('the client of the agents follows a training', async ({
  elsewhere,
  page,
  request,
  server,
  upstream,
}) => {
  const created = await request.post('/api/personas', { data: { name: 'The captain' } });
  const { id } = await created.json();
  await page.goto(elsewhere.page('agents.html', server.url));
  const connections = async () => (await (await request.get('/connections')).json()).active_connections;
  await expect.poll(connections).toBe(1);
  const training = request.post('/api/v1/digital-humans/train/stream', {
    data: { digital_human_id: id, message: 'The ferry leaves at nine.' },
  });
  const exchange = await upstream.next();
  await expect(page.locator('#training')).toHaveText('learns: The ferry leaves at nine.');
  await exchange.raw('Knows the ', 'ferry.\nAnd more.');
  await expect(page.locator('#profile')).toHaveText('Knows the ferry.\nAnd more.');
  await exchange.over('stop');
  await expect(page.locator('#training')).toHaveText('version 2');
  await training;
});

test('the chatbot’s page shows the whole answer', async ({ elsewhere, page, server, upstream }) => {
  await page.goto(elsewhere.page('chatbot.html', server.url));
  await page.getByLabel('Message').fill('Why ice?');
  await page.getByRole('button', { name: 'Send' }).click();
  await answer(upstream, 'Because ', '<it> was cold.');
  await expect(page.locator('#chatbox li')).toHaveText([
    'You: Why ice?',
    'Model: Because <it> was cold.',
  ]);
  await page.getByLabel('Message').fill('  ');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.locator('#chatbox li').last()).toHaveText(
    'Model: Error: Message cannot be empty',
  );
});
