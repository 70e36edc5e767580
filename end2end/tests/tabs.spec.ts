import { HALF, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import { Desk, expectGrowth } from '../pages/desk.ts';
import type { Exchange, Upstream } from '../fixtures/upstream.ts';

// A browser opens six HTTP/1.1 connections to a server at most. Were one needed by each tab for
// as long as a generation runs, the seventh tab would hang.
const TABS = 8;

test.describe.configure({ timeout: 60_000 });

/** Leaves the summary that `desk` has just asked for in its middle. */
async function begin(desk: Desk, upstream: Upstream): Promise<Exchange> {
  const answer = await upstream.next();
  await writeHalf(answer);
  await expect(desk.summary).toHaveText(HALF.summary);
  return answer;
}

test('eight tabs grow, on one summary or on many', async ({ context, desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await begin(desk, upstream);
  const opened = Array.from({ length: TABS - 1 }, async () => {
    const tab = new Desk(await context.newPage());
    await tab.page.goto(desk.page.url());
    await expect(tab.summary).toHaveText(HALF.summary);
    return tab;
  });
  const tabs = await Promise.all(opened);
  const all = (check: (tab: Desk) => Promise<void>) => Promise.all(tabs.map(check));

  await test.step('all show what arrives', async () => {
    await answer.write(' it', ' any more,');
    const shown = 'Nobody wound it any more,';
    await all((tab) => expect(tab.summary).toHaveText(shown));
    await expect(desk.summary).toHaveText(shown);
  });

  const whole = 'Nobody wound it any more, and the village is late.';
  await test.step('the first is closed, which held the line, and nothing is lost', async () => {
    const watched = await Promise.all(tabs.map((tab) => tab.watch('summary')));
    const closed = desk.page.close();
    for (const piece of [' and', ' the', ' village', ' is']) await answer.write(piece);
    await closed;
    await answer.write(' late.');
    await all((tab) => expect(tab.summary).toHaveText(whole));
    for (const states of watched) expectGrowth(await states());
    await all((tab) => expect(tab.sheet).toHaveAttribute('data-resyncs', '0'));
  });

  await test.step('Stop in one stops it in all', async () => {
    await tabs[3].button.click();
    await answer.closed;
    await all((tab) => tab.expectState('stopped'));
    await all((tab) => expect(tab.summary).toHaveText(whole));
  });

  await test.step('each grows with a summary of its own', async () => {
    const answers: Exchange[] = [];
    for (const tab of tabs) {
      await tab.button.click();
      answers.push(await begin(tab, upstream));
    }
    await Promise.all(answers.map((one) => one.write(' it any more.')));
    await all((tab) => expect(tab.summary).toHaveText('Nobody wound it any more.'));
    await all((tab) => tab.expectState('writing'));
    await Promise.all(answers.map((one) => one.finish()));
    await all((tab) => tab.expectDone(HALF.title, 'Nobody wound it any more.'));
  });
});
