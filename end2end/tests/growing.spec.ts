import { installClock } from '../fixtures/clock.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test('title and summary are read while the model still writes them', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  expect(answer.input).toContain(TEXT);
  await desk.expectState('reading');
  await expect(desk.page).toHaveURL(/\/g\/[\w-]+$/);

  await answer.begin('title');
  let shown = '';
  for (const piece of ['The clock', ' that kept', ' the ferry']) {
    await answer.write(piece);
    shown += piece;
    await expect(desk.title).toHaveText(shown);
    await desk.expectState('writing');
  }
  await expect(desk.title).not.toHaveAttribute('data-final');
  await expect(desk.summary).toHaveText('');

  await answer.begin('summary');
  shown = '';
  for (const piece of ANSWER.summary.split(/(?<= )/)) {
    await answer.write(piece);
    shown += piece;
    await expect(desk.summary).toHaveText(shown.trim());
  }
  await expect(desk.summary).not.toHaveAttribute('data-final');

  await answer.finish();
  await desk.expectDone('The clock that kept the ferry', ANSWER.summary);
  await expect(desk.summary).toHaveAttribute('data-final');
});

test('the title is final, and announced, before the summary begins', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write(ANSWER.title);
  await expect(desk.title).toHaveText(ANSWER.title);
  await expect(desk.announcer).not.toContainText(ANSWER.title);

  await answer.end();
  await expect(desk.title).toHaveAttribute('data-final');
  await expect(desk.announcer).toContainText(`The title is final: ${ANSWER.title}`);
  await expect(desk.summary).toHaveText('');

  await answer.begin('summary');
  await answer.write('Nobody wound');
  await expect(desk.summary).toHaveText('Nobody wound');
  await expect(desk.announcer).not.toContainText('Nobody wound');
  await answer.finish();
  await expect(desk.announcer).toContainText('Done');
});

test('an answer that comes all at once is announced no less', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await desk.expectState('reading');
  const said = await desk.hear();
  await answer.raw(JSON.stringify(ANSWER));
  await answer.over('stop');
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  for (const words of [ANSWER.title, ANSWER.summary, 'Done']) {
    await expect.poll(said).toContain(words);
  }
});

test('the button stays where it is when its word changes', async ({ desk, upstream }) => {
  await desk.page.setViewportSize({ width: 1440, height: 800 });
  await desk.page.goto('/');
  await desk.write(TEXT);
  const place = () => desk.button.boundingBox();
  const before = await place();
  await desk.button.click();
  await upstream.next();
  await expect(desk.button).toContainText('Stop');
  expect(await place()).toEqual(before);
});

test('what was announced is found no second time on the page', async ({ desk, page, upstream }) => {
  await installClock(page);
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await expect(desk.announcer).toContainText('Done');
  await page.clock.fastForward(10_000);
  await expect(desk.announcer).toHaveText('');
  await expect(page.getByText(ANSWER.title)).toHaveCount(1);
});

test('only the pane that is written is busy, and the thread grows with it', async ({
  desk,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write('The clock');
  await expect(desk.title).toHaveAttribute('aria-busy', 'true');
  await expect(desk.summary).toHaveAttribute('aria-busy', 'false');

  const thread = desk.page.getByTestId('thread');
  const missing = () =>
    thread.evaluate((line) => {
      const written = line.parentElement!.getBoundingClientRect().bottom;
      return Math.abs(written - line.getBoundingClientRect().bottom);
    });
  await answer.begin('summary');
  await answer.write('Nobody wound it.');
  await expect(desk.summary).toHaveAttribute('aria-busy', 'true');
  await expect(desk.title).toHaveAttribute('aria-busy', 'false');
  for (let paragraph = 1; paragraph <= 4; paragraph += 1) {
    await answer.write(`\n\nParagraph ${paragraph}.`);
    await expect(desk.summary).toContainText(`Paragraph ${paragraph}.`);
    await expect.poll(missing).toBeLessThan(2);
  }

  await answer.finish();
  await expect(desk.summary).toHaveAttribute('aria-busy', 'false');
});

test('paragraphs of the summary stand apart', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.begin('summary');
  await answer.write('The first', ' paragraph.\n', '\nThe second.');
  await answer.finish();
  await desk.expectState('completed');
  await expect(desk.summary.getByRole('paragraph')).toHaveText([
    'The first paragraph.',
    'The second.',
  ]);
  await desk.page.reload();
  await expect(desk.summary.getByRole('paragraph')).toHaveText([
    'The first paragraph.',
    'The second.',
  ]);
});
