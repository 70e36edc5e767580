import { expect, test } from '../fixtures/test.ts';

for (const path of ['/g/no-such-summary', '/nowhere', '/g/', '/history/more']) {
  test(`${path}: a page that says that there is nothing, with status 404`, async ({
    complaints,
    desk,
    page,
  }) => {
    complaints.expect(/status of 404/);
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await page.getByRole('link', { name: 'Summarise a text' }).click();
    await expect(desk.source).toBeVisible();
    await desk.expectState('idle');
  });
}
