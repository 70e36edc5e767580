import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ javaScriptEnabled: false });

test('a form is posted, and leads to the answer when that is done', async ({
  conversation,
  page,
  upstream,
}) => {
  await page.goto('/chat');
  await conversation.box.fill('Why ice?');
  const posted = conversation.send.click();
  await answer(upstream, 'Because it was cold.');
  await posted;
  await expect(page).toHaveURL(/\/chat\/[\w-]+$/);
  await expect(conversation.questions).toHaveText('Why ice?');
  await expect(conversation.answers).toHaveText('Because it was cold.');
  await name(upstream, 'Ice');
  await conversation.box.fill('And then?');
  const next = conversation.send.click();
  await answer(upstream, 'It thawed.');
  await next;
  await expect(conversation.answers).toHaveText(['Because it was cold.', 'It thawed.']);
  await page.goto('/chat');
  await expect(conversation.listed).toHaveText(/Ice/);
});

test('a question is asked about a text', async ({ conversation, desk, page, request, upstream }) => {
  const created = await request.post('/api/generations', { data: { text: 'The lake froze in May.' } });
  await (await upstream.next()).answer({ title: 'Ice', summary: 'A lake.' });
  const { id, events } = await created.json();
  await (await request.get(events)).text();
  await page.goto(`/g/${id}`);
  await expect(desk.summary).toHaveText('A lake.');
  await conversation.box.fill('When?');
  const posted = conversation.send.click();
  const asked = await answer(upstream, 'In May.');
  await posted;
  expect(asked.body.messages.map(({ content }) => content).join('\n')).toContain('The lake froze');
  await expect(conversation.answers).toHaveText('In May.');
});

test('a blank message leads back, and the page says why', async ({ conversation, page, upstream }) => {
  await page.goto('/chat');
  await conversation.box.fill('   ');
  await conversation.send.click();
  await expect(conversation.hint).toContainText('nothing to send');
  expect(upstream.untaken).toBe(0);
});
