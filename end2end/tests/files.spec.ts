import type { Page } from '@playwright/test';
import { holdBack } from '../fixtures/hold.ts';
import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

/** Files of these names on their way, all with these bytes. */
const carry = (page: Page, names: string[], bytes: number[]) =>
  page.evaluateHandle(
    ({ names, bytes }) => {
      const transfer = new DataTransfer();
      for (const name of names) transfer.items.add(new File([new Uint8Array(bytes)], name));
      return transfer;
    },
    { names, bytes },
  );

/** Drops a file on the text box. */
async function drop(page: Page, name: string, bytes: number[]): Promise<void> {
  const dataTransfer = await carry(page, [name], bytes);
  const source = page.getByTestId('source');
  await source.dispatchEvent('dragover', { dataTransfer });
  await source.dispatchEvent('drop', { dataTransfer });
}

test('a text file can be chosen, or dropped', async ({ desk, page, upstream }) => {
  await desk.open();
  await desk.write('before');
  await desk.file.setInputFiles({
    name: 'notes.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('# 钟\n\nIt 🕐 stopped.'),
  });
  await expect(desk.source).toHaveValue('# 钟\n\nIt 🕐 stopped.');
  await expect(desk.count).toHaveText(/^18 /);

  await drop(page, 'UPPER.TXT', [...Buffer.from(`\ufeff${TEXT}`)]);
  await expect(desk.source).toHaveValue(TEXT);
  await desk.button.click();
  expect((await upstream.next()).input).toContain(TEXT);
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

test('the whole window takes files, and shows that it does', async ({ desk, page }) => {
  await desk.open();
  const words = page.getByText('Drop the file to read it');
  for (const place of [desk.sheet, page.getByRole('banner')]) {
    const dataTransfer = await carry(page, ['notes.txt'], [...Buffer.from('From the file.')]);
    await desk.source.fill('');
    await place.dispatchEvent('dragover', { dataTransfer });
    await expect(words).toBeVisible();
    expect((await words.boundingBox())!.width).toBeGreaterThan(1_200);
    await place.dispatchEvent('drop', { dataTransfer });
    await expect(words).toBeHidden();
    await expect(desk.source).toHaveValue('From the file.');
  }
  const left = await carry(page, ['notes.txt'], [65]);
  await desk.sheet.dispatchEvent('dragover', { dataTransfer: left });
  await expect(words).toBeVisible();
  await desk.sheet.dispatchEvent('dragleave', { dataTransfer: left });
  await expect(words).toBeHidden();
});

test('on a page that takes no files, one that is dropped does not replace the page', async ({
  page,
}) => {
  await page.goto('/history');
  const dataTransfer = await carry(page, ['notes.txt'], [65]);
  const isTaken = page.evaluate(
    () =>
      new Promise((taken) =>
        addEventListener('drop', (event) => setTimeout(() => taken(event.defaultPrevented))),
      ),
  );
  await page.getByRole('heading', { level: 1 }).dispatchEvent('drop', { dataTransfer });
  expect(await isTaken).toBe(true);
});

test('several files: a clear word, and the text stays', async ({ desk, page }) => {
  await desk.open();
  await desk.write(TEXT);
  const dataTransfer = await carry(page, ['one.txt', 'two.txt'], [65]);
  await desk.source.dispatchEvent('drop', { dataTransfer });
  await expect(desk.hint).toContainText('One file at a time: 2 files were brought');
  await expect(desk.source).toHaveValue(TEXT);
});

/** The same sentence in bytes of several encodings. */
const ENCODED: [string, string, Buffer][] = [
  ['GB18030', '村里的人都没有赶上渡船。', hex('b4e5c0efb5c4c8cbb6bcc3bbd3d0b8cfc9cfb6c9b4aca1a3')],
  ['Big5', '村裡的人都沒有趕上渡船。', hex('a7f8b8ccaabaa448b3a3a853a6b3bbb0a457b4e7b2eea143')],
  ['UTF-16LE', '钟 stopped.', Buffer.from('\ufeff钟 stopped.', 'utf16le')],
  ['UTF-16BE', '钟 stopped.', Buffer.from('\ufeff钟 stopped.', 'utf16le').swap16()],
  ['Windows-1252', '“café” for 3 €', Buffer.from('\x93caf\xe9\x94 for 3 \x80', 'latin1')],
];

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

for (const [encoding, text, bytes] of ENCODED) {
  test(`a file in ${encoding} is read, and says so`, async ({ desk, page }) => {
    await desk.open();
    await drop(page, 'notes.txt', [...bytes]);
    await expect(desk.source).toHaveValue(text);
    await expect(page.getByText(`Read as ${encoding} · change`)).toBeVisible();
  });
}

test('how a file was read can be changed', async ({ desk, page }) => {
  await desk.open();
  await desk.write(TEXT);
  await drop(page, 'notes.txt', [...Buffer.from('caf\xe9', 'latin1')]);
  await page.getByText('Read as Windows-1252').click();
  await page.getByLabel('Encoding of the file').selectOption('GB18030');
  await expect(page.getByText('Read as GB18030')).toBeVisible();
  await expect(desk.source).not.toHaveValue('café');
  await page.getByLabel('Encoding of the file').selectOption('Windows-1252');
  await expect(desk.source).toHaveValue('café');
  // The way back leads to what was there before the file.
  await desk.notices.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.source).toHaveValue(TEXT);
  await expect(page.getByText('Read as')).toBeHidden();
});

test('a file can be chosen before the page is alive', async ({ desk, page }) => {
  const release = await holdBack(page, '**/*.wasm');
  await page.goto('/', { waitUntil: 'commit' });
  await desk.file.setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('From the file.'),
  });
  await release();
  await expect(desk.source).toHaveValue('From the file.');
});

const REFUSED: [string, string, number[], RegExp][] = [
  ['zero bytes', 'program.txt', [0x7f, 0x45, 0x4c, 0x46, 0, 0, 1], /That file is no text/],
  ['another kind of file', 'letter.pdf', [0x25, 0x50, 0x44, 0x46], /Only \.txt and \.md/],
];

for (const [what, name, bytes, words] of REFUSED) {
  test(`${what}: refused, and the text stays`, async ({ desk, page }) => {
    await desk.open();
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
    await desk.open();
    await desk.write(TEXT);
    await drop(page, 'long.txt', [...Buffer.from('long '.repeat(500))]);
    await expect(desk.hint).toHaveText(/too large: the limit is 2 KB/);
    await expect(desk.source).toHaveValue(TEXT);
  });
});
