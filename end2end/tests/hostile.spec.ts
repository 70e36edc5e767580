import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import type { Desk } from '../pages/desk.ts';

const HTML =
  '<script>window.owned = true</script><img src=x onerror="window.owned = true">' +
  '</div></section><iframe src="javascript:parent.owned = true"></iframe>' +
  '<a href="javascript:window.owned = true">click</a>';

/** Nothing that the model wrote has become more than text. */
async function expectHarmless(desk: Desk): Promise<void> {
  const main = desk.page.getByRole('main');
  await expect(main.locator('script, img, iframe, a[href^="javascript:" i]')).toHaveCount(0);
  expect(await desk.page.evaluate(() => 'owned' in window)).toBe(false);
}

/** Nothing sticks out to the right. */
async function expectUnbroken(desk: Desk): Promise<void> {
  const [needed, given] = await desk.page.evaluate(() => {
    const page = document.documentElement;
    return [page.scrollWidth, page.clientWidth];
  });
  expect(needed).toBeLessThanOrEqual(given);
}

test('HTML and scripts stay text, while they arrive and after a reload', async ({
  desk,
  upstream,
}) => {
  await desk.summarise(HTML);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write(...HTML.match(/.{1,7}/g)!);
  await expect(desk.title).toHaveText(HTML);
  await expectHarmless(desk);
  await answer.begin('summary');
  await answer.write(HTML);
  await answer.finish();
  await desk.expectDone(HTML, HTML);
  await expectHarmless(desk);

  await desk.page.reload();
  await desk.expectDone(HTML, HTML);
  await expectHarmless(desk);
  await desk.page.goto('/history');
  await expect(desk.page.getByRole('main')).toContainText(HTML.slice(0, 80));
  await expectHarmless(desk);
});

test('a short piece that would be an element by itself stays text', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  let shown = '';
  for (const piece of ['<img src=x onerror=owned=1>', '<script>owned=1</script>', '<a href=javascript:0>']) {
    await answer.write(piece);
    shown += piece;
    // Alone in its frame, so that it is written alone.
    await expect(desk.title).toHaveText(shown);
    await expectHarmless(desk);
  }
});

test('an answer that is HTML instead of JSON stays text', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw(HTML);
  await answer.over('stop');
  await desk.expectState('failed');
  await expect(desk.page.getByText(HTML)).toBeVisible();
  await expectHarmless(desk);
  await expectUnbroken(desk);
});

test('an end of the page in the text does not end the page', async ({ desk, upstream }) => {
  const text = '</script><script>window.owned = true</script><!-- ]]> ';
  await desk.summarise(text);
  const answer = await upstream.next();
  await answer.answer({ title: text, summary: text });
  await desk.expectDone(text.trim(), text.trim());
  await desk.page.reload();
  await desk.expectDone(text.trim(), text.trim());
  await expect(desk.source).toHaveValue(text);
  await expectHarmless(desk);
});

test('bidi controls turn nothing around but themselves', async ({ desk, upstream }) => {
  const title = '\u202eegassem a\u202c \u2067\u202eabc';
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.answer({ title, summary: 'It stopped.' });
  await desk.expectState('completed');
  await expect(desk.title).toHaveText(title);
  await expect(desk.summary).toHaveText('It stopped.');
  const alone = (element: Element) => {
    const { display, unicodeBidi } = getComputedStyle(element);
    return (
      ['block', 'flow-root', 'flex', 'grid'].includes(display) ||
      /isolate|plaintext/.test(unicodeBidi)
    );
  };
  expect(await desk.title.evaluate(alone)).toBe(true);
  await desk.page.goto('/history');
  const listed = desk.page.getByText('abc', { exact: false }).first();
  const isolated = await listed.evaluate((element) => {
    return (
      /isolate|plaintext/.test(getComputedStyle(element).unicodeBidi) ||
      element.closest('[dir=auto], bdi') !== null
    );
  });
  expect(isolated).toBe(true);
});

test('zero-width characters and endless words break no line', async ({ desk, upstream }) => {
  const endless =
    'a\u2060'.repeat(400) + '\u200b\u200d\ufeff' + 'W'.repeat(800) + '\u0301'.repeat(200);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.answer({ title: endless, summary: endless });
  await desk.expectState('completed');
  await expect(desk.summary).toContainText('W'.repeat(800));
  await expectUnbroken(desk);
  await desk.page.goto('/history');
  await expectUnbroken(desk);
});

test('a title of a megabyte leaves a page that can be used', async ({ desk, page, upstream }) => {
  const part = 'A title without an end '.repeat(2850);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  for (let parts = 0; parts < 16; parts += 1) await answer.write(part);
  await answer.begin('summary');
  await answer.write('It stopped.');
  await answer.finish();
  await desk.expectState('completed');
  await expect(desk.summary).toHaveText('It stopped.');
  const length = () => desk.title.evaluate((title) => title.textContent?.length);
  expect(await length()).toBe(16 * part.length);
  await expectUnbroken(desk);
  const window = page.viewportSize()!;
  expect((await desk.title.boundingBox())!.height).toBeLessThan(window.height);
  expect((await page.title()).length).toBeLessThan(200);

  // It does not come with the page, which asks for it.
  await page.reload();
  await expect(desk.summary).toHaveText('It stopped.');
  expect(await length()).toBe(16 * part.length);

  await page.goto('/history');
  await expectUnbroken(desk);
  await expect(page.getByRole('main')).toContainText('A title without an end');
  expect((await page.content()).length).toBeLessThan(100_000);
});

test('JSON that is cut in the middle of an escape keeps what was certain', async ({
  desk,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('{"title": "The clock", "summary": "Nobody \\u00');
  await answer.over('stop');
  await desk.expectState('failed');
  await expect(desk.title).toHaveText('The clock');
  await expect(desk.summary).toHaveText('Nobody');
});

test('fields that nobody asked for are not shown', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw(
    '{"__proto__": {"owned": 1}, "title": "The clock", "note": "hidden", "summary": "It stopped."}',
  );
  await answer.over('stop');
  await desk.expectDone('The clock', 'It stopped.');
  await expect(desk.sheet).not.toContainText('hidden');
  await expectHarmless(desk);
});
