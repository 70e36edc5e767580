import type { BrowserContext } from '@playwright/test';
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
