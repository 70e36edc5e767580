import type { BrowserContext } from '@playwright/test';
import { ANSWER, HALF, TEXT, writeHalf } from '../fixtures/texts.ts';
import { expect, NETWORK, test } from '../fixtures/test.ts';
import { Archive } from '../pages/archive.ts';
import { Desk, expectGrowth } from '../pages/desk.ts';
import type { Exchange, Upstream } from '../fixtures/upstream.ts';

// A browser opens six HTTP/1.1 connections to a server at most. Were one needed by each tab for
// as long as a generation runs, the seventh tab would hang.
const TABS = 8;

// One test after the other: eight pages at once are work enough.
test.describe.configure({ mode: 'default', timeout: 90_000 });

/** Leaves the summary that `desk` has just asked for in its middle. */
async function begin(desk: Desk, upstream: Upstream): Promise<Exchange> {
  const answer = await upstream.next();
  await writeHalf(answer);
  await expect(desk.summary).toHaveText(HALF.summary);
  return answer;
}

/** Eight tabs follow one summary, until one of them stops it. Gives those that stay. */
async function follow(context: BrowserContext, desk: Desk, upstream: Upstream): Promise<Desk[]> {
  await desk.summarise(TEXT);
  const answer = await begin(desk, upstream);
  const tabs: Desk[] = [];
  while (tabs.length < TABS - 1) {
    const tab = new Desk(await context.newPage());
    await tab.open(desk.page.url());
    await expect(tab.summary).toHaveText(HALF.summary);
    tabs.push(tab);
  }

  await test.step('all show what arrives', async () => {
    await answer.write(' it', ' any more,');
    const shown = 'Nobody wound it any more,';
    await Promise.all(tabs.map((tab) => expect(tab.summary).toHaveText(shown)));
    await expect(desk.summary).toHaveText(shown);
  });

  const whole = 'Nobody wound it any more, and the village is late.';
  await test.step('the first is closed, which held the line, and nothing is lost', async () => {
    const watched = await Promise.all(tabs.map((tab) => tab.watch('summary')));
    const closed = desk.page.close();
    for (const piece of [' and', ' the', ' village', ' is']) await answer.write(piece);
    await closed;
    await answer.write(' late.');
    await Promise.all(tabs.map((tab) => expect(tab.summary).toHaveText(whole)));
    for (const states of watched) expectGrowth(await states());
  });

  await test.step('Stop in one stops it in all', async () => {
    await tabs[3].button.click();
    await answer.closed;
    await Promise.all(tabs.map((tab) => tab.expectState('stopped')));
    await Promise.all(tabs.map((tab) => expect(tab.summary).toHaveText(whole)));
  });
  return tabs;
}

test('eight tabs grow, on one summary or on many', async ({ context, desk, upstream }) => {
  const tabs = await follow(context, desk, upstream);
  const all = (check: (tab: Desk) => Promise<void>) => Promise.all(tabs.map(check));
  await all((tab) => expect(tab.sheet).toHaveAttribute('data-resyncs', '0'));

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

test.describe('with room for one summary at a time', () => {
  test.use({ settings: { MAX_RUNNING: '1' } });

  test('whoever waits is told how many are before them, in the last tab, too', async ({
    context,
    desk,
    upstream,
  }) => {
    await desk.summarise(TEXT);
    const answer = await upstream.next();
    const waiting: Desk[] = [];
    const expectPlaces = async () => {
      for (const [at, tab] of waiting.entries()) {
        await expect(tab.status).toHaveText(`Waiting: ${at + 1} before you`);
      }
    };
    while (waiting.length < 5) {
      const tab = new Desk(await context.newPage());
      await tab.summarise(TEXT);
      await expect(tab.page).toHaveURL(/\/g\//);
      waiting.push(tab);
    }
    await expectPlaces();
    await answer.answer(ANSWER);
    while (waiting.length > 0) {
      await waiting.shift()!.expectState('reading');
      await expectPlaces();
      await (await upstream.next()).answer(ANSWER);
    }
  });
});

test('a summary that is deleted while it grows is said to be so in all tabs', async ({
  complaints,
  context,
  desk,
  upstream,
}) => {
  // The browser says that what was deleted is not found.
  complaints.expect(NETWORK);
  await desk.summarise(TEXT);
  await begin(desk, upstream);
  const other = new Desk(await context.newPage());
  await other.page.goto(desk.page.url());
  await expect(other.summary).toHaveText(HALF.summary);

  const third = new Archive(await context.newPage());
  await third.open();
  await third.remove(third.items);
  await expect(third.items).toHaveCount(0);
  // Whoever leaves cannot undo it any more.
  await third.page.goto('about:blank');
  for (const tab of [desk, other]) {
    await expect(tab.status).toContainText('This summary was deleted');
    await expect(tab.title).toHaveText(HALF.title);
    await expect(tab.summary).toHaveText(HALF.summary);
    await expect(tab.page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  }
});

test('a browser that refuses locks and keeps nothing shows what is written', async ({
  context,
  desk,
  upstream,
}) => {
  await context.addInitScript(() => {
    const refusal = () => new DOMException('not for this page', 'SecurityError');
    if (!isSecureContext) return;
    navigator.locks.request = () => Promise.reject(refusal());
    for (const storage of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, storage, {
        get: () => {
          throw refusal();
        },
      });
    }
  });
  await desk.summarise(TEXT);
  const answer = await begin(desk, upstream);
  const other = new Desk(await context.newPage());
  await other.page.goto(desk.page.url());
  for (const tab of [desk, other]) await expect(tab.summary).toHaveText(HALF.summary);
  await answer.write(' it.');
  await answer.finish();
  for (const tab of [desk, other]) await tab.expectDone(HALF.title, 'Nobody wound it.');
});

test.describe('over plain HTTP in a network, where there are no locks', () => {
  test.use({
    settings: { HOSTS: 'unspool.test' },
    baseURL: async ({ server }, use) => use(`http://unspool.test:${new URL(server.url).port}`),
  });

  test('eight tabs show what is written, each when it is looked at', async ({
    context,
    desk,
    request,
    server,
    upstream,
  }) => {
    // All of Playwright's pages count as shown.
    await context.addInitScript(() => {
      let hidden = false;
      Object.defineProperty(document, 'hidden', { get: () => hidden });
      const hide = (is: boolean) => {
        hidden = is;
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      };
      Object.assign(window, { hide });
    });
    const hide = (tab: Desk, is: boolean) =>
      tab.page.evaluate((is) => (window as unknown as { hide(is: boolean): void }).hide(is), is);
    const streams = async () =>
      (await (await request.get(`${server.url}/connections`)).json()).active_connections;

    await desk.summarise(TEXT);
    expect(await desk.page.evaluate(() => 'locks' in navigator)).toBe(false);
    const answer = await begin(desk, upstream);
    const tabs = [desk];
    while (tabs.length < TABS) {
      await hide(tabs.at(-1)!, true);
      const tab = new Desk(await context.newPage());
      await tab.open(desk.page.url());
      await expect(tab.summary).toHaveText(HALF.summary);
      tabs.push(tab);
    }
    await expect.poll(streams).toBe(1);
    await answer.write(' it any more.');
    for (const tab of tabs.toReversed()) {
      await hide(tab, false);
      await expect(tab.summary).toHaveText('Nobody wound it any more.');
      await hide(tab, true);
    }
    await hide(desk, false);
    await answer.finish();
    await desk.expectDone(HALF.title, 'Nobody wound it any more.');
  });
});
