import { expect, test as base } from '../fixtures/test.ts';
import { RealModel, Unavailable } from '../fixtures/real-model.ts';
import { expectGrowth } from '../pages/desk.ts';

const TEXT =
  'The lighthouse at Cape Wrath was lit for the first time in 1828. For a hundred and seventy ' +
  'years keepers lived there with their families and wound the clockwork of the lamp by hand. In ' +
  '1998 the light was made automatic, and the last keeper left. Today the buildings are a cafe for ' +
  'walkers who come over the moor.';

const test = base.extend<{ model: RealModel }>({
  model: [
    async ({}, use, info) => {
      try {
        const model = await RealModel.start();
        await use(model);
        await model.dispose();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        console.log(`The test with a real model is skipped: ${error.message}`);
        info.skip(true, error.message);
      }
    },
    // The first run downloads the model.
    { timeout: 240_000 },
  ],
  settings: async ({ model }, use) => use({ BASE_URL: model.url, MODEL: 'smollm2-135m-instruct' }),
});

test('a real model writes a title and a summary', async ({ desk, page }) => {
  test.setTimeout(180_000);
  await page.goto('/');
  await desk.write(TEXT);
  await page.getByRole('radio', { name: 'Short' }).check();
  const states = await desk.watch('summary');
  await desk.button.click();
  // It thinks before it writes, on two cores that others use too.
  const over = /^(completed|stopped|failed)$/;
  await expect(desk.sheet).toHaveAttribute('data-state', over, { timeout: 150_000 });
  await desk.expectState('completed');

  expectGrowth(await states());
  expect((await states()).length).toBeGreaterThan(5);
  await expect(desk.title).toHaveText(/\w{4,}/);
  await expect(desk.summary).toHaveText(/\w{4,}/);
  await expect(desk.summary).toHaveAttribute('data-final');
  await expect(desk.provider).toContainText('smollm2-135m-instruct');
  const [title, summary] = [await desk.title.textContent(), await desk.summary.textContent()];
  await page.reload();
  await desk.expectDone(title!, summary!);
});
