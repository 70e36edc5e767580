import type { BrowserContext } from '@playwright/test';
import { installClock } from '../fixtures/clock.ts';
import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** Loses what says `it any` on its way to the page. */
async function loseOne(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    type Listener = (event: MessageEvent<string>) => void;
    const listen = EventSource.prototype.addEventListener as (
      this: EventSource,
      name: string,
      listener: Listener,
    ) => void;
    EventSource.prototype.addEventListener = function (name: string, listener: unknown) {
      listen.call(this, name, (event) => {
        if (!event.data.includes('it any')) (listener as Listener)(event);
      });
    };
  });
}

test('what was lost on the way is noticed, and the whole taken in its place', async ({
  context,
  desk,
  upstream,
}) => {
  await loseOne(context);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('title');
  await answer.write('The clock');
  await answer.begin('summary');
  await answer.write('Nobody wound');
  await expect(desk.summary).toHaveText('Nobody wound');
  await answer.write(' it any');
  await answer.write(' more.');
  await answer.finish();
  await desk.expectDone('The clock', 'Nobody wound it any more.');
  await expect(desk.sheet).toHaveAttribute('data-resyncs', '1');
});

test('a server that does not give the whole is asked ever more rarely', async ({
  context,
  desk,
  page,
  upstream,
}) => {
  await context.addInitScript(() => {
    const asked: number[] = [];
    const fetch = window.fetch;
    window.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.includes('/fn/look') || asked.length > 6) return fetch(input, init);
      asked.push(Date.now());
      return Promise.reject(new TypeError('no answer'));
    };
    Object.assign(window, { asked });
  });
  await loseOne(context);
  await installClock(page);
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.begin('summary');
  await answer.write('Nobody wound');
  await expect(desk.summary).toHaveText('Nobody wound');
  await answer.write(' it any', ' more.');
  // The checkpoint at the end tells that something is missing.
  await answer.finish();
  const asked = () => page.evaluate(() => (window as unknown as { asked: number[] }).asked);
  await expect.poll(async () => (await asked()).length).toBeGreaterThan(0);
  let passed = 0;
  await expect(async () => {
    passed += 5_000;
    await page.clock.runFor(5_000);
    await expect(desk.summary).toHaveText('Nobody wound it any more.', { timeout: 500 });
  }).toPass({ intervals: [0] });
  expect(passed).toBeLessThanOrEqual(60_000);
  const times = await asked();
  // At least half of 0.5, 1, 2, 4, 8 and 10 s.
  const waits = times.slice(1).map((time, at) => time - times[at]);
  for (const [at, least] of [250, 500, 1_000, 2_000, 4_000, 5_000].entries()) {
    expect(waits[at]).toBeGreaterThanOrEqual(least);
  }
});
