import type { Page } from '@playwright/test';
import { HALF, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** Counts what starts to move inside the summary from now on. */
async function countMotion(page: Page): Promise<() => Promise<number>> {
  const moves = await page.evaluateHandle(() => {
    const seen = { count: 0 };
    for (const kind of ['animationstart', 'transitionrun']) {
      document.addEventListener(kind, ({ target }) => {
        if ((target as Element).closest('[data-testid=summary]')) seen.count += 1;
      });
    }
    return seen;
  });
  return async () => (await moves.jsonValue()).count;
}

test('new words fade in', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  const moves = await countMotion(page);
  await writeHalf(await upstream.next());
  await expect(desk.summary).toHaveText(HALF.summary);
  await expect.poll(moves).toBeGreaterThan(0);
});

test('text just appears for those who want things to stand still', async ({
  desk,
  page,
  upstream,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await desk.summarise(TEXT);
  const moves = await countMotion(page);
  await writeHalf(await upstream.next());
  await expect(desk.summary).toHaveText(HALF.summary);
  expect(await moves()).toBe(0);
  expect(
    await desk.summary.evaluate((summary) => summary.getAnimations({ subtree: true })),
  ).toEqual([]);
});
