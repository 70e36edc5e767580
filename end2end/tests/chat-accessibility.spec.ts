import { expectAccessible } from '../fixtures/accessible.ts';
import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

test('the list of conversations is accessible', async ({ conversation, page, request, upstream }) => {
  await request.post('/api/conversations/send', { data: { content: 'Why ice?' } });
  await answer(upstream, 'Because.');
  await name(upstream, 'Ice');
  await conversation.open();
  await expect(conversation.listed).toHaveCount(1);
  await expectAccessible(page);
});

test('a conversation is accessible while it is answered, and when that is done', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Why ice?');
  const exchange = await upstream.next();
  await exchange.raw('Because');
  await expect(conversation.answers).toHaveText('Because');
  await conversation.ask('And then?');
  await expectAccessible(page);
  await conversation.outgoing.getByRole('button', { name: 'Take back' }).click();
  await exchange.over('stop');
  await name(upstream, 'Ice');
  await conversation.expectState('completed');
  await page.getByRole('button', { name: 'Edit' }).click();
  await expectAccessible(page);
});

test('the personas are accessible', async ({ page, request }) => {
  const created = await request.post('/api/personas', {
    data: { name: 'The captain', instruction: 'Answer in two words.' },
  });
  await page.goto('/personas');
  await expectAccessible(page);
  await page.goto(`/personas/${(await created.json()).id}`);
  await expectAccessible(page);
});
