import { devices } from '@playwright/test';
import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

const { viewport, hasTouch, isMobile, deviceScaleFactor } = devices['Pixel 7'];
test.use({ viewport, hasTouch, isMobile, deviceScaleFactor });

test('the box stays at the foot, and nothing is wider than the screen', async ({
  conversation,
  page,
  upstream,
}) => {
  await conversation.open();
  await conversation.ask('Long?');
  await answer(upstream, `${'A long line of an answer. '.repeat(20)}\n\n`.repeat(8), 'x'.repeat(400));
  await name(upstream, 'Long');
  await conversation.expectState('completed');
  const box = (await conversation.box.boundingBox())!;
  expect(box.y + box.height).toBeLessThanOrEqual(page.viewportSize()!.height);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(page.viewportSize()!.width);
  for (const button of [conversation.send, page.getByTestId('again')]) {
    await button.scrollIntoViewIfNeeded();
    const { width, height } = (await button.boundingBox())!;
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
});
