import { answer, name } from '../fixtures/talk.ts';
import { expect, test } from '../fixtures/test.ts';

test('Shift+Enter begins a new line, and Enter sends', async ({ conversation, upstream }) => {
  await conversation.open();
  await conversation.box.pressSequentially('One');
  await conversation.box.press('Shift+Enter');
  await conversation.box.pressSequentially('Two');
  await expect(conversation.box).toHaveValue('One\nTwo');
  expect(upstream.untaken).toBe(0);
  await conversation.box.press('Enter');
  const exchange = await upstream.next();
  expect(exchange.input).toContain('One\nTwo');
  await expect(conversation.box).toHaveValue('');
});

test('the box grows to six lines', async ({ conversation }) => {
  await conversation.open();
  const height = async () => (await conversation.box.boundingBox())!.height;
  const one = await height();
  await conversation.box.fill('1\n2\n3\n4\n5\n6');
  const six = await height();
  expect(six).toBeGreaterThan(one + 4 * 20);
  await conversation.box.fill('1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12');
  expect((await height()) - six).toBeLessThan(12);
});

test('nothing is sent while an input method composes', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.box.focus();
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
  await conversation.box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true });
  await conversation.box.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
  await client.send('Input.insertText', { text: '你' });
  await expect(conversation.box).toHaveValue('你');
  expect(upstream.untaken).toBe(0);
  await conversation.box.press('Enter');
  expect((await upstream.next()).input).toContain('你');
});

test('a blank message gets a hint', async ({ conversation, upstream }) => {
  await conversation.open();
  await conversation.box.fill('  \n ');
  await conversation.box.press('Enter');
  await expect(conversation.hint).toContainText('nothing to send');
  await expect(conversation.box).toBeFocused();
  await conversation.box.fill('A');
  await expect(conversation.hint).toBeEmpty();
  expect(upstream.untaken).toBe(0);
});

test('each conversation keeps its draft', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('First?');
  await answer(upstream, 'One.');
  await name(upstream, 'First');
  await conversation.expectAnswer('One.');
  await conversation.box.fill('a thought');
  await page.getByRole('link', { name: 'New conversation' }).click();
  await expect(page).toHaveURL(/\/chat$/);
  await expect(conversation.box).toHaveValue('');
  await conversation.box.fill('another thought');
  await page.reload();
  await conversation.open();
  await expect(conversation.box).toHaveValue('another thought');
  await conversation.listed.getByRole('link').click();
  await expect(conversation.box).toHaveValue('a thought');
});

test('a message that waits is taken back into the box', async ({ conversation, page, upstream }) => {
  await conversation.open();
  await conversation.ask('First?');
  await (await upstream.next()).raw('One');
  await expect(conversation.answers).toHaveText('One');
  await conversation.ask('Second?');
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(conversation.outgoing).toHaveCount(0);
  await expect(conversation.box).toHaveValue('Second?');
  await expect(conversation.box).toBeFocused();
});
