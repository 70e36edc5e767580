import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

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
  await expect(desk.provider).toContainText('openai');
  await expect(desk.provider).toContainText('fake-1');
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
