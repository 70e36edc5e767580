import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/test.ts';

test.use({ settings: { PROVIDER: 'builtin' } });

const TEXT =
  'The glacier melts in the summer. It has melted for years. Nobody has measured the <b>ice</b>.';

test('what was exported comes back after it was deleted, and a broken file says why', async ({
  complaints,
  archive,
  page,
  request,
}) => {
  complaints.expect(/status of 400/);
  const created = await (await request.post('/api/generations', { data: { text: TEXT } })).json();
  await (await request.get(created.events)).text();
  await archive.open();
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export', exact: true }).click();
  const file = await (await downloading).path();
  await request.delete(`/api/generations/${created.id}`);
  await page.reload();
  await expect(archive.items).toHaveCount(0);

  const field = page.locator('.archive input[type=file]');
  const content = await readFile(file, 'utf8');
  await field.setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from(content.replace('"version":1', '"version":99')),
  });
  await expect(page.locator('.archive [role=status]')).toContainText('Nothing was imported');
  await field.setInputFiles(file);
  await expect(archive.items).toHaveCount(1);
});

test('hits are marked, and are text whatever they say', async ({ archive, page, request }) => {
  const created = await (await request.post('/api/generations', { data: { text: TEXT } })).json();
  await (await request.get(created.events)).text();
  await archive.open('/history?query=ICE%20measured');
  await expect(archive.items).toHaveCount(1);
  await expect(archive.items.locator('mark')).toContainText(['measured', 'ice']);
  await expect(archive.items.locator('b')).toHaveCount(0);
  await page.goto('/history?query=%21%3F');
  await expect(page.locator('.nothing')).toBeVisible();
});
