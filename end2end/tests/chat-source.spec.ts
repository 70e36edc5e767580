import { answer } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

const HILLS = Array.from(
  { length: 1500 },
  (_, number) => `Day ${number}: there was mist on the hills, and the sheep stood still.`,
).join('\n\n');
const KEEPER = 'The keeper of the lighthouse is called Aurelia Finch.';

test('of a long text the passages that were read are named, and light up', async ({
  conversation,
  page,
  request,
  upstream,
}) => {
  const text = `${HILLS}\n\n${KEEPER}\n\n${HILLS}`;
  const created = await request.post('/api/generations', { data: { text } });
  const { id, events } = await created.json();
  await (await upstream.next()).answer({ title: 'Hills', summary: 'Sheep in the mist.' });
  await (await request.get(events)).text();
  await conversation.open(`/g/${id}`);
  await conversation.ask('Who is the keeper of the lighthouse?');
  await answer(upstream, 'Aurelia Finch.');
  await conversation.expectAnswer('Aurelia Finch.');
  await expect(page.getByText(/The model was given \d+% of the text/)).toBeVisible();
  const panel = page.getByTestId('source-panel');
  const lit = page.getByTestId('lit');
  const passages = page.getByTestId('passage');
  const seen: string[] = [];
  for (const passage of await passages.all()) {
    await passage.click();
    await expect(lit).toBeVisible();
    seen.push((await lit.textContent())!);
  }
  expect(seen.some((passage) => passage.includes(KEEPER))).toBe(true);
  await expect(lit).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  // They are there after a reload, too.
  await page.reload();
  await expect(passages).toHaveCount(seen.length);
});

test.describe('without a model', () => {
  test.use({ settings: { PROVIDER: 'builtin' } });

  test('a question about a text is answered with its own sentences', async ({
    conversation,
    page,
    request,
  }) => {
    const text = `The lake froze in November. ${KEEPER} The ferry leaves at nine.`;
    const created = await request.post('/api/generations', { data: { text } });
    const { id, events } = await created.json();
    await (await request.get(events)).text();
    await conversation.open(`/g/${id}`);
    await conversation.ask('Who is the keeper of the lighthouse?');
    await conversation.expectState('completed');
    await expect(conversation.answers).toContainText('Aurelia Finch');
    await page.goto('/chat');
    await expect(page.getByText('No model is connected.')).toBeVisible();
  });
});
