import { expectAccessible } from '../fixtures/accessible.ts';
import type { Upstream } from '../fixtures/upstream.ts';
import { TEXT } from '../fixtures/texts.ts';
import { API_KEY, expect, test } from '../fixtures/test.ts';

/** Answers the three requests of the checks, as a model in order does. */
async function answerWell(upstream: Upstream): Promise<void> {
  const first = await upstream.next();
  await first.raw('{"title": "Ice", ', '"summary": "It froze.", ', '"colour": "amber"}');
  await first.over('stop');
  const stopped = await upstream.next();
  await stopped.raw('one');
  const next = await upstream.next();
  await stopped.closed;
  await next.raw('ready');
  await next.over('stop');
}

test('what is connected is shown, and checked one by one', async ({ page, upstream }) => {
  upstream.models = ['fake-1'];
  await page.goto('/');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  const model = page.getByTestId('examined');
  await expect(model).toContainText('fake-1');
  await expect(model).toContainText(upstream.url);
  await expect(model).toContainText(`key ends in …${API_KEY.slice(-4)}, from UNSPOOL_API_KEY`);
  await expect(model.getByTestId('verdict')).toHaveText('Checking…');
  await answerWell(upstream);
  await expect(model.getByTestId('verdict')).toHaveText('Everything works.');
  await expect(page.getByTestId('check-schema')).toContainText('It is held to the JSON Schema.');
  await expect(page.getByTestId('check-usage')).toContainText('7 read, 11 written');
  await expectAccessible(page);

  // Another language says the same, and asks nobody again.
  await page.getByText('中文').click();
  await expect(page.getByTestId('check-schema')).toContainText('JSON Schema');
  await expect(model.getByTestId('verdict')).toHaveText('一切正常。');
  expect(upstream.untaken).toBe(0);
});

test('a refused key is told, with what to do, and the rest is not tried', async ({
  context,
  page,
  upstream,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/settings');
  (await upstream.next()).refuse(401, `Incorrect API key provided: ${API_KEY}`);
  const key = page.getByTestId('check-key');
  await expect(key).toContainText('The key is refused');
  await expect(key).toContainText('Put the right one in UNSPOOL_API_KEY');
  await expect(page.getByTestId('check-context')).toContainText(
    'Not tried: the key comes first.',
  );
  await expect(page.locator('body')).not.toContainText(API_KEY);
  await key.getByRole('button', { name: 'Copy the line' }).click();
  await expect(key.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    "export UNSPOOL_API_KEY='YOUR-KEY'",
  );
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Check again' }).click();
  await answerWell(upstream);
  await expect(page.getByTestId('verdict')).toHaveText('Everything works.');
});

test('a failed summary leads there', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  (await upstream.next()).refuse(401, 'Incorrect API key provided.');
  await desk.expectState('failed');
  await page.getByRole('link', { name: 'Check the model' }).click();
  await expect(page.getByTestId('examined')).toBeVisible();
});

test.describe('without a model', () => {
  test.use({ settings: { PROVIDER: 'builtin', BASE_URL: '', API_KEY: '', MODEL: '' } });

  test('the lines that connect one are there to be copied', async ({ page }) => {
    await page.goto('/settings');
    await expect(page.getByTestId('verdict')).toHaveText('Everything works.');
    await expect(page.getByText('unspool --provider llamacpp')).toBeVisible();
    await expectAccessible(page);
  });
});
