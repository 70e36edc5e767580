import { ANSWER, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test('everything can be done without a mouse', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await expect(desk.sheet).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  // The skip link has led past the header.
  await expect(page.getByRole('link', { name: 'History' })).not.toBeFocused();
  await desk.source.focus();
  await page.keyboard.insertText(TEXT);
  await expect(desk.count).toHaveText(/^[1-9]/);
  await page.keyboard.press('Control+Enter');

  const answer = await upstream.next();
  await writeHalf(answer);
  await expect(desk.summary).toHaveText('Nobody wound');
  await page.keyboard.press('Escape');
  await answer.closed;
  await desk.expectState('stopped');
});

test('the Tab key goes through the page in its order, and the focus is seen', async ({
  desk,
  page,
}) => {
  await page.goto('/');
  await desk.write(TEXT);
  // The Tab key goes on from where the mouse was last: the header's left edge.
  await page.mouse.click(1, 1);
  const visited: string[] = [];
  for (let stop = 0; stop < 14; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    visited.push(
      await focused.evaluate(
        (element) => element.getAttribute('name') ?? element.textContent ?? '',
      ),
    );
    const shown = await focused.evaluate((element) => {
      // A radio or file input shows its focus on its label.
      const marked = [
        element,
        element.nextElementSibling,
        element.closest('label'),
        element.parentElement,
      ];
      return marked.some((mark) => {
        const style = mark && getComputedStyle(mark);
        return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
      });
    });
    expect(shown, `focus on ${visited.at(-1)}`).toBe(true);
    if (visited.at(-1)?.startsWith('Summarise')) break;
  }
  const stations = [
    'Unspool',
    'History',
    'Settings',
    '中文',
    'text',
    'length',
    'language',
    'Summarise',
  ];
  const order = stations.map((name) => visited.findIndex((stop) => stop.startsWith(name)));
  expect(order, visited.join(' | ')).not.toContain(-1);
  expect(order, visited.join(' | ')).toEqual([...order].sort((a, b) => a - b));
});

test('in a low window the focus is not below the bar', async ({ desk, page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await page.goto('/');
  await desk.write(TEXT);
  await desk.source.focus();
  await page.keyboard.press('Tab');
  await expect(desk.file).toBeFocused();
  const label = (await desk.file.locator('..').boundingBox())!;
  const bar = (await page.locator('.actions').boundingBox())!;
  expect(label.y + label.height).toBeLessThanOrEqual(bar.y);
});

for (const [width, height] of [
  [1024, 400],
  [1280, 360],
  [1000, 500],
]) {
  test(`${width} × ${height}: the button is in reach`, async ({ desk, page }) => {
    await page.setViewportSize({ width, height });
    await page.goto('/');
    await expect(desk.button).toBeInViewport({ ratio: 1 });
  });
}

test('Ctrl+Enter does nothing while something runs', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await desk.expectState('reading');
  const url = page.url();
  await page.keyboard.press('Control+Enter');
  await answer.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
  expect(page.url()).toBe(url);
  expect(upstream.untaken).toBe(0);
});

test('Ctrl+Enter starts one summary, however long it is held', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT);
  await desk.source.focus();
  await page.keyboard.down('Control');
  await page.keyboard.down('Enter');
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  // What is pressed already is repeated.
  for (let n = 0; n < 3; n += 1) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Control');
  await desk.source.fill(`${TEXT} Another text.`);
  await page.keyboard.press('Control+Enter');
  expect((await upstream.next()).input).toContain('Another text.');
});

test('so does Enter on the button, and does not stop it', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT);
  await desk.button.focus();
  await page.keyboard.down('Enter');
  const answer = await upstream.next();
  await desk.expectState('reading');
  await expect(desk.button).toBeFocused();
  for (let n = 0; n < 3; n += 1) await page.keyboard.down('Enter');
  await answer.answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  await expect(desk.button).toBeFocused();
  for (let n = 0; n < 3; n += 1) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await desk.source.fill(`${TEXT} Another text.`);
  await desk.button.press('Enter');
  expect((await upstream.next()).input).toContain('Another text.');
});

test('nor does Enter on a choice, however long it is held', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT);
  await page.getByRole('radio', { name: 'Short' }).focus();
  await page.keyboard.down('Enter');
  const answer = await upstream.next();
  await desk.expectState('reading');
  for (let n = 0; n < 3; n += 1) await page.keyboard.down('Enter');
  await answer.answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
});

test('the Tab key that is held goes on past the button', async ({ desk, page }) => {
  await desk.open();
  await desk.language.focus();
  for (let n = 0; n < 2; n += 1) await page.keyboard.down('Tab');
  await page.keyboard.up('Tab');
  await expect(page.getByRole('link', { name: 'The lighthouse clock' })).toBeFocused();
});

test('keys that belong to an input method neither start nor stop', async ({
  desk,
  page,
  upstream,
}) => {
  const compose = (key: string) =>
    desk.source.evaluate((source, key) => {
      const modifiers = { ctrlKey: key === 'Enter', isComposing: true };
      source.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...modifiers }));
    }, key);
  await page.goto('/');
  await desk.write(TEXT);
  await compose('Enter');
  // Had that started something, this would change nothing.
  await desk.source.fill(`${TEXT} Another text.`);
  await page.keyboard.press('Control+Enter');
  const answer = await upstream.next();
  expect(answer.input).toContain('Another text.');
  await writeHalf(answer);
  await compose('Escape');
  await answer.write(' it.');
  await answer.finish();
  await desk.expectState('completed');
  expect(upstream.untaken).toBe(0);
});

test('whoever goes to another page hears which, and goes on there', async ({
  archive,
  desk,
  page,
  request,
  upstream,
}) => {
  await request.post('/api/generations', { data: { text: TEXT } });
  await (await upstream.next()).answer(ANSWER);
  await page.goto('/');
  await desk.write(TEXT);
  const said = await desk.hear();
  const link = page.getByRole('link', { name: 'History' });
  await link.press('Enter');
  await expect(archive.items).toHaveCount(1);
  await expect.poll(said).toContain('History');
  await expect(link).toBeFocused();

  await archive.item(ANSWER.title).getByRole('link').press('Enter');
  await desk.expectState('completed');
  await expect.poll(said).toContain('Result');
  await expect(page.getByRole('main')).toBeFocused();
});

test('after a new attempt the focus is where it can be stopped', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await upstream.next();
  await expect(desk.button).toHaveText(/Stop/);
  await page.keyboard.press('Escape');
  await desk.expectState('stopped');
  await page.getByRole('button', { name: 'Try again' }).focus();
  await page.keyboard.press('Enter');
  await upstream.next();
  await desk.expectState('reading');
  await expect(desk.button).toBeFocused();
  await page.keyboard.press('Enter');
  await desk.expectState('stopped');
});
