import type { Locator } from '@playwright/test';
import { ANSWER, TEXT, stopHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** How many characters stand in the fullest line. */
function fullestLine(paragraph: Locator): Promise<number> {
  return paragraph.evaluate((paragraph) => {
    const range = document.createRange();
    const lines = new Map<number, number>();
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      for (let at = 0; at < text.length; at += 1) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const line = Math.round(range.getBoundingClientRect().top);
        lines.set(line, (lines.get(line) ?? 0) + 1);
      }
    }
    return Math.max(...lines.values());
  });
}

const TEXTS: [string, string, number, number][] = [
  ['English', 'The village was late for the ferry again, as on every other day. ', 60, 72],
  ['Chinese', '灯改用电以后，再也没有人去给钟上发条。从那以后，整个村子都迟到了。', 34, 40],
];

for (const [language, sentence, least, most] of TEXTS) {
  test(`lines of ${language} are as long as they are good to read`, async ({
    desk,
    page,
    upstream,
  }) => {
    await desk.summarise(TEXT);
    await (await upstream.next()).answer({ title: 'T', summary: sentence.repeat(9).trim() });
    await desk.expectState('completed');
    const paragraph = desk.summary.getByRole('paragraph');
    for (const other of ['中文', 'English']) {
      for (const width of [1920, 1440, 900]) {
        await page.setViewportSize({ width, height: 900 });
        const chars = await fullestLine(paragraph);
        expect(chars, `${width} px`).toBeGreaterThanOrEqual(least);
        expect(chars, `${width} px`).toBeLessThanOrEqual(most);
      }
      await page.getByRole('link', { name: other, exact: true }).click();
    }
  });
}

test('on paper there is what was written, dark on white, and where it is from', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectState('completed');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(desk.title).toBeVisible();
  await expect(desk.summary).toHaveCSS('color', 'rgb(28, 27, 25)');
  const [source, ...lines] = (await page.locator('body').innerText()).trim().split(/\n+/);
  expect(source).toMatch(/^Your text: The lighthouse keeper .* · 154 characters · /);
  const byline = expect.stringMatching(/^fake-1 at 127\.0\.0\.1:\d+ · [\d.]+ s$/);
  expect(lines).toEqual([ANSWER.title, byline, ANSWER.summary]);
  for (const role of ['button', 'link', 'textbox'] as const) {
    await expect(page.getByRole(role)).toHaveCount(0);
  }
});

test('on paper, what was stopped says that it is incomplete', async ({ desk, page, upstream }) => {
  await stopHalf(desk, upstream);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.mark', { hasText: 'incomplete' })).toBeVisible();
});

test('letters are as large as the reader wants them', async ({ desk, page }) => {
  await page.goto('/');
  const size = (name: string) =>
    page.locator(name).first().evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const names = ['.invitation p', '.label', '[name=text]', '.primary', '.wordmark'];
  const before = await Promise.all(names.map(size));
  expect(before).toEqual([28, 13, 15, 15, 20]);
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  expect(await Promise.all(names.map(size))).toEqual(before.map((px) => 2 * px));
  await expect(desk.button).toBeInViewport();
});
