import { expect, test } from '../fixtures/test.ts';

test('letters are as large as the reader wants them', async ({ desk, page }) => {
  await page.goto('/');
  const size = (name: string) =>
    page.locator(name).first().evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const names = ['.invitation p', '.label', '[name=text]', '.primary', '.wordmark'];
  const before = await Promise.all(names.map(size));
  expect(before).toEqual([18, 13, 15, 15, 20]);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  expect(await Promise.all(names.map(size))).toEqual(before.map((px) => 2 * px));
  await expect(desk.button).toBeInViewport();
});
