import { ANSWER, TEXT, readHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const DOUBTFUL: [string, RegExp][] = [
  ['https://example.org/a-long-article', /only an address/],
  ['Too short.', /too short to summarise/],
];

for (const [text, words] of DOUBTFUL) {
  test(`“${text}” is asked about, and can be sent anyway`, async ({ desk, page, upstream }) => {
    await desk.open();
    await desk.write(text);
    await desk.button.click();
    await expect(page.getByText(words)).toBeVisible();
    const anyway = page.getByRole('button', { name: 'Send anyway' });
    await expect(anyway).toBeFocused();
    await expect(anyway).toHaveAccessibleDescription(words);
    expect(upstream.untaken).toBe(0);

    // Whoever writes on is asked no more.
    await desk.source.fill(TEXT);
    await expect(anyway).toBeHidden();
    await desk.source.fill(text);
    await desk.source.press('Control+Enter');
    await page.keyboard.press('Enter');
    expect((await upstream.next()).input).toContain(text);
  });
}

test('a newcomer learns what it does, who answers, where the text goes and who sees it', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.open();
  await expect(desk.sheet).toContainText('A long text in. A title and a summary out');
  const answers = desk.sheet.getByRole('definition');
  const host = new URL(upstream.url).host;
  await expect(answers).toContainText([`fake-1 · ${host}`, `machine, at ${host}`, 'In History']);
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await expect(page).toHaveURL(/\/history$/);
});

test.describe('without a model', () => {
  test.use({ settings: { PROVIDER: 'builtin' } });

  test('a newcomer learns how to connect one', async ({ desk, page }) => {
    await desk.open();
    await expect(desk.sheet).toContainText('Built-in: picks sentences, writes none');
    await expect(desk.sheet).toContainText('Stays on this server');
    await expect(page.getByRole('link', { name: 'Connect one' })).toHaveAttribute(
      'href',
      '/settings',
    );
  });
});

test('who wrote it is named by model and host', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer(ANSWER);
  await desk.expectDone(ANSWER.title, ANSWER.summary);
  const byline = new RegExp(`^fake-1 at ${new URL(upstream.url).host} · [\\d.]+ s$`);
  await expect(page.locator('.byline > summary')).toHaveText(byline);
  await page.reload();
  await expect(page.locator('.byline > summary')).toHaveText(byline);
});

test('a wait is seen: how much is read, and for how long already', async ({
  desk,
  page,
  upstream,
}) => {
  await page.clock.install();
  await desk.summarise('The ferry leaves. '.repeat(1_000));
  const answer = await upstream.next();
  await desk.expectState('reading');
  await expect(desk.status).toContainText('Reading 18,000 characters');
  await page.clock.fastForward(4_000);
  await expect(desk.status).toHaveText(/Reading 18,000 characters · [45] s/);
  await answer.answer(ANSWER);
  await expect(desk.status).toHaveText('Done');
});

test('the button says what it will do', async ({ desk, upstream }) => {
  await readHalf(desk, upstream);
  await expect(desk.button).toHaveText(/^Stop/);
  await desk.button.click();
  await desk.expectState('stopped');
  await expect(desk.button).toHaveText(/^Summarise again/);
  await desk.source.fill(`${TEXT} And more.`);
  await expect(desk.button).toHaveText(/^Summarise(?! again)/);
});

test('Ctrl+Enter while something is written says so', async ({ desk, page, upstream }) => {
  const answer = await readHalf(desk, upstream);
  await page.keyboard.press('Control+Enter');
  await expect(desk.hint).toHaveText('Still writing. Esc stops it.');
  await answer.finish();
  await desk.expectState('completed');
  await expect(desk.hint).toBeEmpty();
});

test('what was pasted is measured in characters and minutes', async ({ desk }) => {
  await desk.open();
  await desk.write('word '.repeat(4_000));
  await expect(desk.count).toHaveText('20,000 characters · about 16 minutes to read');
});
