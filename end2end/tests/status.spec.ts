import { installClock, openLater } from '../fixtures/clock.ts';
import { readHalf, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';
import { Desk } from '../pages/desk.ts';

test('the status line says in words what happens', async ({ desk, page, upstream }) => {
  let admit = () => {};
  const gate = new Promise<void>((resolve) => (admit = resolve));
  await page.route('**/fn/start*', async (route) => {
    await gate;
    await route.continue();
  });
  await desk.summarise(TEXT);
  await desk.expectState('connecting');
  await expect(desk.status).toContainText('Connecting');
  admit();

  const answer = await upstream.next();
  await desk.expectState('reading');
  await expect(desk.status).toContainText('Reading');
  await answer.think('The keeper ', 'matters most.');
  await expect(desk.status).toContainText('Thinking');
  await answer.begin('title');
  await expect(desk.status).toContainText('Writing the title');
  await answer.write('The clock');
  await answer.begin('summary');
  await expect(desk.status).toContainText('Writing the summary');
  await answer.write('Nobody wound it.');
  await answer.finish();
  await expect(desk.status).toContainText('Done');
});

test('what the model thinks can be unfolded, and is no part of the document', async ({
  desk,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await answer.think('The keeper ', 'matters most.');
  await answer.answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
  const thought = desk.page.getByText('The keeper matters most.');
  await expect(thought).toBeHidden();
  await desk.page.getByText('What the model is thinking').click();
  await expect(thought).toBeVisible();
});

test('provider, model and figures are shown', async ({ desk, page, upstream }) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  await expect(desk.provider).toHaveText(`fake-1 at ${new URL(upstream.url).host}`);
  await answer.begin('title');
  await answer.write('The clock');
  await expect(page.getByTestId('first-text')).toHaveText(/\d/);
  await expect(page.getByTestId('rate')).toHaveText(/[\d,]+ characters\/s/);
  await answer.begin('summary');
  await answer.write('It stopped.');
  await answer.finish();
  await desk.expectState('completed');
  await expect(page.getByTestId('elapsed')).toHaveText(/\d s/);
  await expect(page.getByTestId('first-text')).toHaveText(/\d/);
});

test('figures stay where they are while they grow, and what was seen stays', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  const answer = await upstream.next();
  const asked = Date.now();
  await desk.expectState('reading');
  await desk.provider.click();
  const figures = ['first-text', 'rate', 'elapsed'].map((name) => page.getByTestId(name));
  const places = () => Promise.all(figures.map(async (figure) => (await figure.boundingBox())!.x));
  const before = await places();
  await answer.begin('title');
  await answer.write('The clock');
  await answer.begin('summary');
  await answer.write('Nobody wound it any more. '.repeat(400));
  await expect(page.getByTestId('rate')).toHaveText(/\d,\d/);
  expect(await places()).toEqual(before);
  const firstText = await page.getByTestId('first-text').textContent();
  // By the server's watch, which it starts later than the page, that is less than all took, too.
  const asLong = parseFloat(firstText!) * 1_000 + 100;
  await expect.poll(() => Date.now() - asked).toBeGreaterThan(asLong);
  await answer.finish();
  await desk.expectState('completed');
  expect(await places()).toEqual(before);
  await expect(page.getByTestId('first-text')).toHaveText(firstText!);
});

test('a model that writes nothing is told, and can be asked again', async ({
  desk,
  page,
  upstream,
}) => {
  await desk.summarise(TEXT);
  await (await upstream.next()).answer({ title: '', summary: '' });
  await desk.expectState('completed');
  await expect(page.getByTestId('failure')).toContainText('The model wrote nothing.');
  await expect(desk.announcer).toContainText('The model wrote nothing.');
  await expect(desk.announcer).not.toContainText('is final');
  await page.getByRole('button', { name: 'Try again' }).click();
  await (await upstream.next()).answer({ title: 'A clock', summary: 'It stopped.' });
  await desk.expectDone('A clock', 'It stopped.');
});

test('figures outlast a reload, and other tabs have them too', async ({
  context,
  desk,
  page,
  upstream,
}) => {
  const answer = await readHalf(desk, upstream);
  const firstText = await page.getByTestId('first-text').textContent();
  expect(firstText).toMatch(/\d/);
  const other = new Desk(await context.newPage());
  // No two tabs measure quite the same.
  await openLater(other.page, 3_000);
  await other.page.goto(page.url());
  await page.reload();
  for (const tab of [page, other.page]) {
    await expect(tab.getByTestId('first-text')).toHaveText(firstText!);
    await expect(tab.getByTestId('rate')).toHaveText(/\d/);
  }

  // In the middle of a summary: how long a failure took, no snapshot tells.
  await answer.over('length');
  for (const tab of [desk, other]) {
    await tab.expectState('failed');
    const elapsed = await tab.page.getByTestId('elapsed').textContent();
    expect(elapsed).toMatch(/\d/);
    await tab.page.reload();
    await tab.expectState('failed');
    await expect(tab.page.getByTestId('elapsed')).toHaveText(elapsed!);
    await expect(tab.page.getByTestId('first-text')).toHaveText(firstText!);
  }
});

test('who comes later counts the speed from then on, and invents nothing', async ({
  browser,
  desk,
  upstream,
}) => {
  const answer = await readHalf(desk, upstream);
  const elsewhere = await browser.newContext();
  const late = new Desk(await elsewhere.newPage());
  await installClock(late.page);
  await late.open(desk.page.url());
  await late.page.clock.fastForward(2_000);
  await expect(late.page.getByTestId('rate')).toHaveText('–');
  await answer.write(' it any more, and the village is late for the ferry.');
  await expect(late.page.getByTestId('rate')).toHaveText(/\d/);
  // The reader's clock need not be the server's.
  await expect(late.page.getByTestId('first-text')).toHaveText('–');
  await expect(late.page.getByTestId('elapsed')).toHaveText('–');
  await answer.finish();
  await late.expectState('completed');
  await expect(late.page.getByTestId('first-text')).toHaveText(/\d/);
  await expect(late.page.getByTestId('elapsed')).toHaveText(/\d/);
  await elsewhere.close();
});
