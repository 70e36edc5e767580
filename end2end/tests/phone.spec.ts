import type { Page } from '@playwright/test';
import { TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/**
 * Nothing sticks out, and whatever can be touched is 44 px high and wide. A mark behind a sentence
 * is smaller, as the sentence itself can be touched.
 */
async function expectFits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const small = await page.evaluate(() => {
    const touched = 'a, button, select, textarea, summary, label:has(input)';
    const visible = [...document.querySelectorAll(touched)].filter((element) => {
      return element.checkVisibility({ visibilityProperty: true }) && !element.closest('.skip, .mark-of-place');
    });
    return visible
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 43.5 || box.height < 43.5)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`);
  });
  expect(small, 'too small to be touched').toEqual([]);
}

test('one column fits a phone, before, while and after', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write(TEXT.repeat(40));
  await expectFits(page);
  await desk.button.tap();
  const answer = await upstream.next();
  await writeHalf(answer);
  await expect(desk.summary).toHaveText('Nobody wound');
  await expectFits(page);
  await answer.finish();
  await desk.expectState('completed');
  await expectFits(page);

  // Source first, but folded to a line: the result needs the room.
  await expect(desk.source).toBeHidden();
  await expect(desk.title).toBeInViewport();
  const above = (await page.locator('label[for=source]').boundingBox())!;
  expect(above.y).toBeLessThan((await desk.title.boundingBox())!.y);
  await page.getByRole('button', { name: 'Show the text' }).tap();
  await expect(desk.source).toBeVisible();
  // What is asked for next stands under it.
  await expect(page.getByRole('radio', { name: 'Long' })).toBeVisible();
  await expectFits(page);

  await page.goto('/history');
  await expectFits(page);
});

test.describe('with the built-in engine', () => {
  test.use({ settings: { PROVIDER: 'builtin' } });

  test('what can be chosen is readable, and the reason why not', async ({ desk, page }) => {
    await desk.open();
    // A word on one line is as high as one touch target.
    for (const name of ['Short', 'Medium', 'Long']) {
      const label = page.locator('.lengths label', { hasText: name });
      expect((await label.boundingBox())!.height).toBeLessThan(50);
    }
    for (const choice of await page.locator('.choices select').all()) {
      expect((await choice.boundingBox())!.width).toBeGreaterThan(90);
    }
    await expect(page.locator('#language-reason')).toBeInViewport({ ratio: 1 });
    await expectFits(page);
  });
});

test.describe('with a long history', () => {
  test.use({ settings: { PROVIDER: 'builtin' } });

  test('the way to older ones can be touched', async ({ page, request }) => {
    for (let n = 0; n < 23; n += 1) {
      await request.post('/api/generations', { data: { text: `Text ${n} is about the ferry.` } });
    }
    await page.goto('/history');
    await expect(page.getByRole('link', { name: 'Older' })).toBeVisible();
    await expectFits(page);
  });
});

test('what has no room for words has a name all the same', async ({ page }) => {
  await page.goto('/settings');
  await expect(page.getByRole('button', { name: 'Theme: Auto' })).toBeInViewport({ ratio: 1 });
});

test('fields have letters that a phone need not zoom in for', async ({ desk, page }) => {
  const size = (path: string, name: string) =>
    page.goto(path).then(() =>
      page.locator(name).first().evaluate((field) => parseFloat(getComputedStyle(field).fontSize)),
    );
  expect(await size('/', '[name=text]')).toBeGreaterThanOrEqual(16);
  expect(await size('/', 'select')).toBeGreaterThanOrEqual(16);
  expect(await size('/history', '[type=search]')).toBeGreaterThanOrEqual(16);
  expect(await size('/diagnostics', '[type=number]')).toBeGreaterThanOrEqual(16);
});

test.describe('on the smallest one', () => {
  test.use({ viewport: { width: 320, height: 568 } });

  test('nothing sticks out, and no word is cut off', async ({ desk, page }) => {
    await page.goto('/');
    await desk.write(TEXT);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    const select = page.getByLabel('Language', { exact: true });
    const width = async () => (await select.boundingBox())!.width;
    const shown = await width();
    await select.evaluate((select) => {
      select.style.position = 'absolute';
      select.style.width = 'max-content';
    });
    expect(shown).toBeGreaterThanOrEqual(await width());
  });
});

test('the button is in reach while a long text stands above it', async ({ desk, page }) => {
  await page.goto('/');
  await desk.write(`${TEXT}\n\n`.repeat(200));
  await expect(desk.button).toBeInViewport({ ratio: 1 });
});
