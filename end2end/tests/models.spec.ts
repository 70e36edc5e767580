import { expectAccessible } from '../fixtures/accessible.ts';
import { ANSWER, TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const MODELS = ['fake-1', 'fake-2'];

test('where there are several models, one is chosen, and remembered', async ({
  desk,
  page,
  server,
  upstream,
}) => {
  upstream.models = MODELS;
  await server.terminate();
  await server.restart();
  await desk.open();
  const choice = page.getByTestId('model-choice');
  await expect(choice).toHaveValue('openai/fake-1');
  await expectAccessible(page);
  await choice.selectOption('openai/fake-2');
  await desk.summarise(TEXT);
  const exchange = await upstream.next();
  expect(exchange.body.model).toBe('fake-2');
  await exchange.answer(ANSWER);
  await desk.expectState('completed');
  await expect(desk.provider).toContainText('fake-2');

  await desk.open('/chat');
  await expect(choice).toHaveValue('openai/fake-2');
  await page.getByRole('textbox').first().fill('Why?');
  await page.getByTestId('send').click();
  expect((await upstream.next()).body.model).toBe('fake-2');
});

test('where there is but one, nothing is to be chosen', async ({ desk, page, upstream }) => {
  await desk.open();
  await expect(page.getByTestId('model-choice')).toHaveCount(0);
  await desk.summarise(TEXT);
  expect((await upstream.next()).body.model).toBe('fake-1');
});
