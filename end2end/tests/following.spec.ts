import type { Locator } from '@playwright/test';
import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

test.use({ viewport: { width: 1000, height: 500 } });

const PARAGRAPH = 'The village was late for the ferry again, as on every other day.\n\n';

test('the view follows the end only while the reader is there', async ({
  desk,
  page,
  upstream,
}) => {
  const fromEnd = () =>
    page.evaluate(
      () => document.documentElement.scrollHeight - window.innerHeight - window.scrollY,
    );
  const position = () => page.evaluate(() => window.scrollY);

  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write('The clock');
  await answer.begin('summary');
  await answer.write(PARAGRAPH.repeat(12));
  await expect(desk.summary.getByRole('paragraph')).toHaveCount(12);
  await page.mouse.move(700, 300);
  await page.mouse.wheel(0, 10_000);
  await expect.poll(fromEnd).toBeLessThan(2);
  for (let round = 4; round < 24; round += 4) {
    await answer.write(PARAGRAPH.repeat(4));
    await expect(desk.summary.getByRole('paragraph')).toHaveCount(round + 12);
    await expect.poll(fromEnd).toBeLessThan(2);
  }
  expect(await position()).toBeGreaterThan(300);

  await page.mouse.wheel(0, -200);
  await expect.poll(fromEnd).toBeGreaterThan(150);
  const left = await position();
  const line = desk.summary.getByRole('paragraph').nth(10);
  const place = (await line.boundingBox())!.y;
  await answer.write(PARAGRAPH.repeat(10), 'The end.');
  await expect(desk.summary).toContainText('The end.');
  await answer.finish();
  await desk.expectState('completed');
  expect(await position()).toBe(left);
  expect((await line.boundingBox())!.y).toBe(place);
});

test('following stops at the title, with a way to the end', async ({ desk, page, upstream }) => {
  await page.setViewportSize({ width: 640, height: 500 });
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write('The clock');
  await answer.begin('summary');
  for (let round = 1; round < 12; round += 1) {
    await answer.write(PARAGRAPH);
    await expect(desk.summary.getByRole('paragraph')).toHaveCount(round);
    await expect(desk.title).toBeInViewport();
  }
  const onward = page.getByRole('button', { name: 'Still writing ↓' });
  await onward.click();
  await expect(onward).toBeHidden();
  await expect(desk.title).not.toBeInViewport();
  await answer.write('The end.');
  await expect(desk.summary.getByText('The end.')).toBeInViewport();
  await answer.finish();
  await desk.expectState('completed');
});

test('thoughts and a title without end are followed inside their panes', async ({
  desk,
  page,
  upstream,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const thoughts = page.getByTestId('reasoning');
  const fromEnd = (pane: Locator) =>
    pane.evaluate((pane) => pane.scrollHeight - pane.clientHeight - pane.scrollTop);
  const position = (pane: Locator) => pane.evaluate((pane) => pane.scrollTop);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.think('Hm. ');
  await page.getByText('What the model is thinking').click();
  for (let round = 0; round < 4; round += 1) {
    await answer.think('What does the keeper want? '.repeat(30), `${round}!`);
    await expect(thoughts).toContainText(`${round}!`);
    await expect.poll(() => fromEnd(thoughts)).toBeLessThan(2);
  }
  expect(await position(thoughts)).toBeGreaterThan(100);
  await thoughts.evaluate((pane) => (pane.scrollTop = 50));
  await answer.think('What does the village want? '.repeat(30), 'Well!');
  await expect(thoughts).toContainText('Well!');
  expect(await position(thoughts)).toBe(50);

  await answer.begin('title');
  for (let round = 0; round < 4; round += 1) {
    await answer.write('The clock that kept the ferry '.repeat(10), `${round}!`);
    await expect(desk.title).toContainText(`${round}!`);
    await expect.poll(() => fromEnd(desk.title)).toBeLessThan(2);
  }
  expect(await position(desk.title)).toBeGreaterThan(100);
});

for (const viewport of [
  { width: 844, height: 390 },
  { width: 640, height: 400 },
]) {
  test(`${viewport.width} × ${viewport.height}: the text stays above the bar`, async ({
    desk,
    page,
    upstream,
  }) => {
    await page.setViewportSize(viewport);
    const hidden = () =>
      page.evaluate(() => {
        const bottom = (name: string) => document.querySelector(name)!.getBoundingClientRect();
        return bottom('[data-testid=summary]').bottom - bottom('.actions').top;
      });
    await desk.summarise(TEXT);
    const answer = await upstream.next();
    await answer.begin('title');
    await answer.write('The clock that kept the ferry');
    await answer.begin('summary');
    // The view stays at the title, unless the reader goes on to the end.
    await answer.write(PARAGRAPH.repeat(8));
    await expect(desk.summary.getByRole('paragraph')).toHaveCount(8);
    await page.getByRole('button', { name: 'Still writing ↓' }).click();
    for (let round = 9; round < 16; round += 1) {
      await answer.write(PARAGRAPH);
      await expect(desk.summary.getByRole('paragraph')).toHaveCount(round);
      await expect.poll(hidden).toBeLessThanOrEqual(0);
    }

    await page.mouse.move(300, 150);
    await page.mouse.wheel(0, -150);
    await expect.poll(hidden).toBeGreaterThan(100);
    const left = await page.evaluate(() => window.scrollY);
    await answer.write(PARAGRAPH.repeat(4), 'The end.');
    await expect(desk.summary).toContainText('The end.');
    await answer.finish();
    await desk.expectState('completed');
    expect(await page.evaluate(() => window.scrollY)).toBe(left);
  });
}
