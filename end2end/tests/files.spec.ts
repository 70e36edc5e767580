import type { Page } from '@playwright/test';
import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** Drops a file on the text box. */
async function drop(page: Page, name: string, bytes: number[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ name, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    { name, bytes },
  );
  const source = page.getByTestId('source');
  await source.dispatchEvent('dragover', { dataTransfer });
  await source.dispatchEvent('drop', { dataTransfer });
}

test('a text file can be chosen, or dropped', async ({ desk, page, upstream }) => {
  await page.goto('/');
  await desk.write('before');
  await desk.file.setInputFiles({
    name: 'notes.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('# 钟\n\nIt 🕐 stopped.'),
  });
  await expect(desk.source).toHaveValue('# 钟\n\nIt 🕐 stopped.');
  await expect(desk.count).toHaveText(/^18 /);

  await drop(page, 'UPPER.TXT', [...Buffer.from('\ufeffdropped text')]);
  await expect(desk.source).toHaveValue('dropped text');
  await desk.button.click();
  expect((await upstream.next()).input).toContain('dropped text');
});

test('text that is dragged into the box goes where the browser puts it', async ({ desk, page }) => {
  await page.goto('/');
  await desk.write('before');
  const { x, y } = (await desk.source.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = {
    items: [{ mimeType: 'text/plain', data: 'dragged ' }],
    dragOperationsMask: 1,
  };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await expect(page.getByText('Drop the file to read it')).toBeHidden();
    await session.send('Input.dispatchDragEvent', { type, x: x + 40, y: y + 30, data });
  }
  await expect(desk.source).toHaveValue(/dragged/);
  await expect(page.getByText('Drop the file to read it')).toBeHidden();
});

const REFUSED: [string, string, number[], RegExp][] = [
  ['bytes that are no UTF-8', 'photo.txt', [0xff, 0xfe, 0x00, 0x41], /not UTF-8 text/],
  ['zero bytes', 'program.txt', [0x7f, 0x45, 0x4c, 0x46, 0, 0, 1], /not UTF-8 text/],
  ['another kind of file', 'letter.pdf', [0x25, 0x50, 0x44, 0x46], /Only \.txt and \.md/],
];

for (const [what, name, bytes, words] of REFUSED) {
  test(`${what}: refused, and the text stays`, async ({ desk, page }) => {
    await page.goto('/');
    await desk.write(TEXT);
    await drop(page, name, bytes);
    await expect(desk.hint).toHaveText(words);
    await expect(desk.source).toHaveValue(TEXT);
    await desk.file.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(bytes) });
    await expect(desk.source).toHaveValue(TEXT);
  });
}

test.describe('with a small limit', () => {
  test.use({ settings: { MAX_INPUT_BYTES: '2048' } });

  test('a file over it is refused, and the text stays', async ({ desk, page }) => {
    await page.goto('/');
    await desk.write(TEXT);
    await drop(page, 'long.txt', [...Buffer.from('long '.repeat(500))]);
    await expect(desk.hint).toHaveText(/too large: the limit is 2 KB/);
    await expect(desk.source).toHaveValue(TEXT);
  });
});
