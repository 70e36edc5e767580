import { expect, test } from '../fixtures/test.ts';

const TEXT = [
  'The clock in the lighthouse at Skerry Point has been wrong for a hundred and twelve years.',
  'It was installed in 1911 by a firm in Leeds, and it stopped in the winter of the same year.',
  'Fog hid the tower for three days, and the bells were rung by hand from memory.',
  'The keeper, Agnes Marrow, found a cracked escapement wheel.',
].join('\n\n');

const SUMMARY = 'The clock stopped in the winter of 1911. The keeper found a cracked wheel. The mayor of Oslo wept.';

test.describe('where sentences come from', () => {
  test.beforeEach(async ({ desk, upstream }) => {
    await desk.summarise(TEXT);
    await (await upstream.next()).answer({ title: 'The clock', summary: SUMMARY });
    await desk.expectDone('The clock', SUMMARY);
  });

  test('a sentence and its place light up, and the source scrolls itself', async ({ desk, page }) => {
    const sentences = desk.summary.locator('.sentence');
    await expect(sentences).toHaveCount(3);
    const before = await desk.summary.boundingBox();
    await sentences.nth(1).hover();
    const reading = page.getByTestId('reading');
    await expect(reading).toBeVisible();
    await expect(sentences.nth(1)).toHaveClass(/lit/);
    await expect(reading.locator('.place.current')).toHaveText(
      'The keeper, Agnes Marrow, found a cracked escapement wheel.',
    );
    await expect(page.getByTestId('place-count')).toHaveText('Place 1 of 1');
    expect(await desk.summary.boundingBox()).toEqual(before);
    await expect(sentences.nth(2)).toHaveClass(/unfound/);

    // The other way round.
    await reading.getByText('It was installed in 1911').hover();
    await expect(sentences.nth(0)).toHaveClass(/lit/);
    await expect(sentences.nth(1)).not.toHaveClass(/lit/);

    await page.getByRole('button', { name: 'Edit' }).click();
    await expect(reading).toBeHidden();
    await expect(desk.source).toBeFocused();
    await expect(desk.source).toHaveValue(TEXT);
  });

  test('it works with the keyboard, and after a reload', async ({ desk, page }) => {
    await page.reload();
    await desk.expectAlive();
    const mark = page.getByRole('button', { name: 'Where sentence 1 comes from' });
    await mark.focus();
    const count = page.getByTestId('place-count');
    await expect(count).toHaveText('Place 1 of 2');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByTestId('reading').locator('.place.current')).toContainText('1911');
    await expect(count).toHaveText('Place 2 of 2');
    await page.keyboard.press('ArrowUp');
    await expect(count).toHaveText('Place 1 of 2');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Where sentence 2 comes from' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Not found in the source' })).toBeFocused();
    await expect(page.getByTestId('place-count')).toHaveText('Not found in the source');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('reading')).toBeHidden();
  });

  test('what is copied has no numbers in it', async ({ context, desk, page }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await expect(desk.summary.locator('.sentence')).toHaveCount(3);
    expect(await desk.summary.evaluate((node) => (node as HTMLElement).innerText)).toBe(SUMMARY);
    await expect(desk.summary).toHaveText(SUMMARY);
    const selected = await desk.summary.evaluate((node) => {
      getSelection()?.selectAllChildren(node);
      return getSelection()?.toString();
    });
    expect(selected).toBe(SUMMARY);
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy summary' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(SUMMARY);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a panel from below quotes the place', async ({ desk, page, upstream }) => {
    await desk.summarise(TEXT);
    await (await upstream.next()).answer({ title: 'The clock', summary: SUMMARY });
    await desk.expectState('completed');
    await desk.summary.locator('.sentence').nth(1).tap();
    const panel = page.getByTestId('place-panel');
    await expect(panel).toContainText('Place 1 of 1');
    await expect(panel).toContainText('found a cracked escapement wheel');
    await expect(panel.getByRole('button', { name: 'Next' })).toBeDisabled();
    await panel.getByRole('button', { name: 'Close' }).tap();
    await expect(panel).toBeHidden();
  });
});
