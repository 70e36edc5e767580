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
  await answer.write(PARAGRAPH.repeat(3));
  await expect(desk.summary.getByRole('paragraph')).toHaveCount(3);
  await page.mouse.move(700, 300);
  await page.mouse.wheel(0, 10_000);
  await expect.poll(fromEnd).toBeLessThan(2);
  for (let round = 4; round < 24; round += 4) {
    await answer.write(PARAGRAPH.repeat(4));
    await expect(desk.summary.getByRole('paragraph')).toHaveCount(round + 3);
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
