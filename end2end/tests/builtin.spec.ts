import { expect, test } from '../fixtures/test.ts';

test.use({ settings: { PROVIDER: 'builtin' } });

for (const [sample, script] of [
  [/^English:/, /[a-z]{3,}/],
  [/^中文：/, /\p{Script=Han}{4,}/u],
] as const) {
  test(`the sample ${sample} is summarised without any model`, async ({ desk, page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: sample }).click();
    const text = await desk.source.inputValue();
    expect(text.length).toBeGreaterThan(150);
    await desk.button.click();
    await desk.expectState('completed');
    await expect(desk.title).toHaveText(script);
    await expect(desk.summary).toHaveText(script);
    const title = (await desk.title.textContent())!;
    const summary = (await desk.summary.textContent())!;
    expect(title.length).toBeLessThan(120);
    expect(summary.length).toBeGreaterThan(title.length);
    expect(summary.length).toBeLessThan(text.length * 0.7);

    await expect(desk.provider).toContainText('builtin');
    await expect(page.getByText('without a language model')).toBeVisible();
    await page.getByText('without a language model').click();
    await expect(page.getByText('UNSPOOL_BASE_URL')).toBeVisible();
  });
}
