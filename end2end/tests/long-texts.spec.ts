import { ANSWER } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const SENTENCE = 'The lighthouse keeper wound the clock each evening, and the village heard it. ';

test.describe('a text that is longer than the model reads', () => {
  test.use({ settings: { CONTEXT_TOKENS: '2048' } });

  test('is read in parts, and the page says how far', async ({ desk, page, upstream }) => {
    await desk.summarise(SENTENCE.repeat(120));
    const status = page.getByTestId('status');
    const bar = page.locator('progress.bar');
    await expect(status).toHaveText(/^Reading part 1 of (\d+)$/);
    await expect(bar).toHaveJSProperty('value', 0);
    const parts = Number((await status.innerText()).split(' ').at(-1));
    expect(parts).toBeGreaterThan(1);
    for (let part = 1; part <= parts; part += 1) {
      const read = await upstream.next();
      expect(read.body.messages[0]?.content).toContain(`of ${parts} of a long text`);
      await read.raw('The keeper wound the clock.');
      if (part === 1) {
        await read.over('stop');
        await expect(status).toHaveText(`Reading part 2 of ${parts}`);
        expect(await bar.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
      } else {
        await read.over('stop');
      }
    }
    const document = await upstream.next();
    expect(document.input).toContain('The keeper wound the clock.');
    await document.answer(ANSWER);
    await desk.expectDone(ANSWER.title, ANSWER.summary);
    await expect(desk.sheet).toContainText(`The whole text was read, in ${parts} parts.`);
    await expect(bar).toHaveCount(0);
  });
});

test('a document in another language than was asked for bears a note', async ({
  desk,
  page,
  request,
  upstream,
}) => {
  const data = { text: SENTENCE, language: 'zh' };
  const started = await (await request.post('/api/generations', { data })).json();
  await (await upstream.next()).answer(ANSWER);
  await page.goto(`/g/${started.id}`);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  await expect(desk.sheet).toContainText('did not write in the language that was asked for');
});
