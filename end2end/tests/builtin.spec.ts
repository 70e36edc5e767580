import { expect, test } from '../fixtures/test.ts';

test.use({ settings: { PROVIDER: 'builtin' } });

for (const [sample, script] of [
  ['The lighthouse clock', /[a-z]{3,}/],
  ['会说话的河流', /\p{Script=Han}{4,}/u],
] as const) {
  test(`the sample ${sample} is summarised without any model`, async ({ desk, page }) => {
    await page.goto('/');
    await page.getByRole('link', { name: sample }).click();
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

    await expect(desk.provider).toContainText('Built-in · sentences picked from the text');
    await desk.provider.click();
    await expect(page.getByText('UNSPOOL_BASE_URL')).toBeVisible();
  });
}

test('it keeps the text’s language, and says why none can be chosen', async ({ desk, page }) => {
  await desk.open();
  await expect(desk.language).toBeDisabled();
  await expect(desk.language).toHaveAccessibleDescription(/keeps the text’s language/);
  await expect(page.getByText('keeps the text’s language')).toBeVisible();
});
