import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import { expectGrowth } from '../pages/desk.ts';

test('Chinese and emoji grow whole, wherever the pieces end', async ({ desk, upstream }) => {
  await desk.summarise('村里的钟停了。渡船准时离开码头，村里的人却没有一个赶得上。');
  const answer = await upstream.next();
  expect(answer.input).toContain('村里的钟停了。');
  await answer.begin('title');
  await answer.raw('钟');
  await expect(desk.title).toHaveText('钟');
  const titles = await desk.watch('title');
  // A clock face and a family, as escapes that are cut between and inside their halves.
  await answer.raw('\\ud83d');
  await answer.raw('\\ud', 'd5', '0', '停', '了');
  await expect(desk.title).toHaveText('钟🕐停了');
  await answer.raw('👨', '\u200d', '👩', '\\u20', '0d👧');
  await expect(desk.title).toHaveText('钟🕐停了👨‍👩‍👧');

  await answer.begin('summary');
  const summaries = await desk.watch('summary');
  await answer.trickle('渡船先走，𠮷田🕰️没赶上。');
  await answer.finish();
  await desk.expectDone('钟🕐停了👨‍👩‍👧', '渡船先走，𠮷田🕰️没赶上。');

  for (const states of [await titles(), await summaries()]) {
    expectGrowth(states);
    expect(states.filter((state) => !state.isWellFormed() || state.includes('\ufffd'))).toEqual([]);
  }
});

test('half a pair that never gets its other half is one replacement character', async ({
  desk,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('{"title": "A\\ud83d', 'B", "summary": "\\udd50 C"}');
  await answer.over('stop');
  await desk.expectDone('A\ufffdB', '\ufffd C');
});

test('every escape is read', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.raw('{"title": "\\"a\\"', ' \\\\ b \\/ c\\', 'u0041", "summary": "tab\\there"}');
  await answer.over('stop');
  await desk.expectDone('"a" \\ b / cA', 'tab here');
});

test('right-to-left text is set from the right', async ({ desk, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.answer({ title: 'الساعة', summary: 'توقفت الساعة منذ زمن.' });
  await desk.expectDone('الساعة', 'توقفت الساعة منذ زمن.');
  const direction = (element: Element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    return box.right - text.right < text.left - box.left ? 'right' : 'left';
  };
  await expect(desk.summary).toHaveAttribute('dir', 'auto');
  expect(await desk.title.getByRole('paragraph').evaluate(direction)).toBe('right');
});

test('the box runs as its text does, and typing does not lag in a long paragraph', async ({
  desk,
  page,
}) => {
  await page.goto('/');
  await desk.write('1. توقفت الساعة منذ زمن.');
  await expect(desk.source).toHaveCSS('direction', 'rtl');
  await desk.source.fill(`${TEXT} `.repeat(6_000));
  await expect(desk.source).toHaveCSS('direction', 'ltr');
  // What the browser itself needs for such a text sets the measure.
  const bare = await desk.source.evaluateHandle((source: HTMLTextAreaElement) => {
    const bare = source.cloneNode() as HTMLTextAreaElement;
    bare.dir = 'ltr';
    bare.value = source.value;
    source.after(bare);
    return bare;
  });
  const quickest = async (box: HTMLTextAreaElement) => {
    const times: number[] = [];
    while (times.length < 5) {
      const before = performance.now();
      box.setRangeText('x', 0, 0, 'end');
      box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      times.push(performance.now() - before);
    }
    return Math.min(...times);
  };
  const needed = await bare.evaluate(quickest);
  await bare.evaluate((box) => box.remove());
  expect(await desk.source.evaluate(quickest)).toBeLessThan(3 * needed);
});
