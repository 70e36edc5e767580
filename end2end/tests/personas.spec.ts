import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

test('a persona is made, edited, taught and restored', async ({ page, upstream }) => {
  await page.goto('/personas');
  await page.locator('html[data-alive]').waitFor();
  await page.getByLabel('Name').fill('The captain');
  await page.getByLabel('Instruction').fill('Answer in two words.');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page).toHaveURL(/\/personas\/[\w-]+$/);
  await expect(page.getByTestId('persona-name')).toHaveText('The captain');

  const form = page.getByTestId('edit-persona');
  await form.getByLabel('Instruction').fill('Answer in three words.');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('version')).toHaveCount(2);

  const lesson = page.getByTestId('teach');
  await lesson.getByRole('textbox').fill('The ferry leaves at nine.');
  await lesson.getByRole('button', { name: 'Teach' }).click();
  const exchange = await upstream.next();
  expect(JSON.stringify(exchange.body)).toContain('The ferry leaves at nine.');
  await exchange.raw('Knows that the ferry ');
  await expect(page.getByTestId('taught')).toHaveText('Knows that the ferry');
  await exchange.raw('leaves at nine.');
  await exchange.over('stop');
  await expect(page.getByTestId('teach-status')).toHaveText('Learnt: this is version 3');
  await expect(page.getByTestId('edit-persona').getByLabel('Profile')).toHaveValue(
    'Knows that the ferry leaves at nine.',
  );
  await expect(page.getByTestId('version')).toHaveCount(3);

  await page.getByTestId('version').last().getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByTestId('version')).toHaveCount(4);
  await expect(page.getByTestId('edit-persona').getByLabel('Instruction')).toHaveValue(
    'Answer in two words.',
  );
  await page.reload();
  await expect(page.getByTestId('edit-persona').getByLabel('Profile')).toHaveValue('');
});

test('a persona answers in a conversation', async ({ conversation, page, request, upstream }) => {
  await request.post('/api/personas', {
    data: { name: 'The captain', instruction: 'Answer in two words.' },
  });
  await conversation.open();
  await page.getByLabel('Answers as').selectOption('The captain');
  await conversation.ask('When does it leave?');
  const asked = await answer(upstream, 'At nine.');
  expect(JSON.stringify(asked.body.messages)).toContain('Answer in two words.');
  await name(upstream, 'The ferry');
  await conversation.expectAnswer('At nine.');
  await page.reload();
  await expect(page.getByLabel('Answers as')).toHaveText(/The captain/);
  await page.locator('html[data-alive]').waitFor();
  await page.getByLabel('Answers as').selectOption('Nobody in particular');
  await conversation.ask('And tomorrow?');
  const next = await answer(upstream, 'The same.');
  expect(JSON.stringify(next.body.messages)).not.toContain('Answer in two words.');
});

test('a training that is stopped or fails changes nothing', async ({
  complaints,
  page,
  request,
  upstream,
}) => {
  complaints.expect(/status of/);
  const created = await request.post('/api/personas', { data: { name: 'The captain' } });
  await page.goto(`/personas/${(await created.json()).id}`);
  await page.locator('html[data-alive]').waitFor();
  const lesson = page.getByTestId('teach');
  await lesson.getByRole('textbox').fill('Something.');
  await lesson.getByRole('button', { name: 'Teach' }).click();
  await (await upstream.next()).raw('Half of');
  await expect(page.getByTestId('taught')).toHaveText('Half of');
  await lesson.getByRole('button', { name: 'Stop' }).click();
  await expect(lesson.getByTestId('hint')).toContainText('Nothing was changed.');
  await lesson.getByRole('button', { name: 'Teach' }).click();
  (await upstream.next()).refuse(401, 'no such key');
  await expect(lesson.getByTestId('hint')).toContainText('Nothing was changed.');
  await expect(page.getByTestId('version')).toHaveCount(1);
  await expect(lesson.getByRole('textbox')).toHaveValue('Something.');
});

test('a persona is deleted', async ({ complaints, page, request }) => {
  // The next page asks again for what the one before may not have been able to delete.
  complaints.expect(/status of 404/);
  await request.post('/api/personas', { data: { name: 'The captain' } });
  await page.goto('/personas');
  await page.locator('html[data-alive]').waitFor();
  await page.getByRole('button', { name: 'More about The captain' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Nobody here yet.')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('persona')).toBeHidden();
  await expect(async () => {
    await page.reload();
    await expect(page.getByTestId('persona')).toHaveCount(0, { timeout: 500 });
  }).toPass();
});
