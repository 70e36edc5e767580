import type { Page } from '@playwright/test';
import { holdBack } from '../fixtures/hold.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import { Desk } from '../pages/desk.ts';
import type { Upstream } from '../fixtures/upstream.ts';

const OWN = 'A text of the reader’s own, on which they have been writing for an hour.';

/** A summary of `text` that is done and shown. */
async function summarised(desk: Desk, upstream: Upstream, text = TEXT): Promise<void> {
  await desk.summarise(text);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
}

const home = (page: Page) => page.getByRole('link', { name: 'Unspool' }).click();

/** From the history to the one summary that is in it. */
async function lookAtOld(desk: Desk, page: Page): Promise<void> {
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('main').getByRole('listitem').getByRole('link').click();
  await desk.expectState('completed');
}

test('looking at an old summary leaves the draft as it was', async ({ desk, page, upstream }) => {
  await summarised(desk, upstream);
  await home(page);
  await desk.write(OWN);
  await lookAtOld(desk, page);
  await expect(desk.source).toHaveValue(TEXT);
  await home(page);
  await expect(desk.source).toHaveValue(OWN);
  await page.reload();
  await expect(desk.source).toHaveValue(OWN);
});

test('so does going forth and back', async ({ desk, page, upstream }) => {
  await summarised(desk, upstream);
  await page.goBack();
  await desk.expectState('idle');
  await desk.write(OWN);
  await page.goForward();
  await expect(desk.source).toHaveValue(TEXT);
  await page.goBack();
  await expect(desk.source).toHaveValue(OWN);
});

test('a long draft is not lost either', async ({ desk, page, upstream }) => {
  const long = OWN.repeat(10_000);
  await summarised(desk, upstream);
  await page.goBack();
  await desk.expectState('idle');
  await desk.write(long);
  await page.goForward();
  await expect(desk.source).toHaveValue(TEXT);
  await page.goBack();
  await expect(desk.source).toHaveValue(long);
});

test('nor is it when the reader looks into the history', async ({ desk, page }) => {
  // 650 KB.
  const long = OWN.repeat(9_000);
  await page.goto('/');
  await desk.write(long);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
  await page.goBack();
  await desk.expectState('idle');
  await expect(desk.source).toHaveValue(long);
});

for (const [what, sign] of [
  ['a tab that nobody sees', 'visibilitychange'],
  ['a window that has lost the focus', 'blur'],
] as const) {
  test(`a long draft is kept in ${what}, as it may be thrown away`, async ({ desk, page }) => {
    const long = OWN.repeat(10_000);
    // What is kept goes into a tab that is opened from this one.
    const kept = async () => {
      const opened = page.waitForEvent('popup');
      await page.evaluate(() => void open('/'));
      const copy = new Desk(await opened);
      await copy.expectAlive();
      return copy.source;
    };
    await page.goto('/');
    // What is typed earlier is kept when the page comes alive.
    await desk.expectAlive();
    await desk.write(long);
    await expect(await kept()).toHaveValue('');
    await page.evaluate((sign) => dispatchEvent(new Event(sign)), sign);
    await expect(await kept()).toHaveValue(long);
  });
}

test('where there is no room for a draft, the one before does not come back', async ({
  desk,
  page,
}) => {
  await page.goto('/');
  await desk.write('An earlier draft.');
  await page.reload();
  await expect(desk.source).toHaveValue('An earlier draft.');
  await page.evaluate(() => {
    const keep = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      if (value.length > 60) throw new DOMException('full', 'QuotaExceededError');
      keep.call(this, key, value);
    };
  });
  await desk.write(OWN);
  await desk.length('Long').check();
  await page.reload();
  // What there was room for has come back.
  await expect(desk.length('Long')).toBeChecked();
  await expect(desk.source).toHaveValue('');
});

test('samples are offered to whoever has written nothing', async ({ desk, page }) => {
  const [english, chinese] = ['The lighthouse clock', '会说话的河流'].map((name) =>
    page.getByRole('link', { name }),
  );
  await page.goto('/');
  await desk.write(OWN);
  await expect(english).toBeHidden();
  await expect(chinese).toBeHidden();
  await desk.source.fill('');
  await english.click();
  await expect(desk.source).toHaveValue(/clock/);
  await chinese.click();
  await expect(desk.source).toHaveValue(/河/);
  await desk.source.pressSequentially('x');
  await expect(english).toBeHidden();
  await expect(chinese).toBeHidden();
});

test('a sample is kept as a draft is', async ({ desk, page }) => {
  await desk.open();
  await page.getByRole('link', { name: 'The lighthouse clock' }).click();
  const sample = await desk.source.inputValue();
  expect(sample).toContain('clock');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('Nothing here yet.')).toBeVisible();
  await page.goBack();
  await desk.expectState('idle');
  await expect(desk.source).toHaveValue(sample);
  // Another one would take the place of nothing that was written.
  await expect(page.getByRole('link', { name: '会说话的河流' })).toBeVisible();
});

test('what is written beside an old summary becomes the draft', async ({
  desk,
  page,
  upstream,
}) => {
  await summarised(desk, upstream);
  await home(page);
  await desk.write('An earlier draft.');
  await lookAtOld(desk, page);
  await desk.source.fill(OWN);
  await home(page);
  await expect(desk.source).toHaveValue(OWN);
  await page.reload();
  await expect(desk.source).toHaveValue(OWN);
});

test('an old text that is summarised once more does not become it', async ({
  desk,
  page,
  upstream,
}) => {
  await summarised(desk, upstream);
  await home(page);
  await desk.write(OWN);
  await lookAtOld(desk, page);
  const old = page.url();
  await desk.button.click();
  await (await upstream.next()).answer(ANSWER);
  await expect(page).not.toHaveURL(old);
  await desk.expectState('completed');
  await home(page);
  await expect(desk.source).toHaveValue(OWN);
});

test('a text that was typed beside a result before the page was alive becomes it', async ({
  context,
  desk,
  page,
  upstream,
}) => {
  await summarised(desk, upstream);
  const cold = await context.newPage();
  const release = await holdBack(cold, '**/*.wasm');
  await cold.goto(page.url(), { waitUntil: 'commit' });
  const source = cold.getByTestId('source');
  await source.fill(OWN);
  await release();
  await expect(cold.getByTestId('count')).toHaveText(/^[1-9]/);
  await home(cold);
  await expect(source).toHaveValue(OWN);
});

test('a long text that arrives late does not follow the reader', async ({
  desk,
  page,
  upstream,
}) => {
  // Too long to come with the page.
  const long = TEXT.repeat(500);
  await summarised(desk, upstream, long);
  await page.goBack();
  await desk.expectState('idle');
  await desk.write(OWN);
  const release = await holdBack(page, '**/fn/input*');
  const asked = page.waitForRequest('**/fn/input*');
  await page.goForward();
  await asked;
  await page.goBack();
  await desk.expectState('idle');
  await release();
  await page.getByRole('link', { name: '中文', exact: true }).click();
  await expect(desk.source).toHaveValue(OWN);
  await page.goForward();
  await expect(desk.source).toHaveValue(long);
});

test('length and language come back with the draft', async ({ desk, page, upstream }) => {
  await summarised(desk, upstream);
  await home(page);
  await desk.write(OWN);
  await desk.length('Long').check();
  await desk.language.selectOption('zh');
  await lookAtOld(desk, page);
  await expect(desk.length('Medium')).toBeChecked();
  await expect(desk.language).toHaveValue('auto');
  await home(page);
  await expect(desk.length('Long')).toBeChecked();
  await expect(desk.language).toHaveValue('zh');
  await page.reload();
  await expect(desk.count).toHaveText(/^[1-9]/);
  await expect(desk.length('Long')).toBeChecked();
  await expect(desk.language).toHaveValue('zh');
});

for (const text of ['', OWN]) {
  const what = text ? 'beside a text' : 'by themselves';
  test(`choices made before the page is alive stay, ${what}`, async ({ desk, page, upstream }) => {
    const release = await holdBack(page, '**/*.wasm');
    await page.goto('/', { waitUntil: 'commit' });
    await desk.source.fill(text);
    await desk.length('Long').check();
    await desk.language.selectOption('zh');
    await release();
    await desk.write(OWN);
    await expect(desk.length('Long')).toBeChecked();
    await expect(desk.language).toHaveValue('zh');
    await desk.button.click();
    expect((await upstream.next()).body.messages[0].content).toContain('Simplified Chinese');
  });
}

test('why a form was refused stands beside a draft that is kept', async ({ desk, page }) => {
  await page.goto('/');
  await desk.write(OWN);
  await page.goto('/?refused=overloaded');
  await expect(desk.source).toHaveValue(OWN);
  await expect(desk.hint).toContainText('Too many summaries');
});
