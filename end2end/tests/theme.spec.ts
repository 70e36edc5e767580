import { TEXT } from '../fixtures/texts.ts';
import { expect, test } from '../fixtures/test.ts';

const PAPER = { light: 'rgb(251, 250, 247)', dark: 'rgb(20, 19, 17)' };

test('colours follow the system until they are chosen, and the choice is remembered', async ({
  desk,
  page,
}) => {
  const paper = page.locator('html');
  await page.goto('/');
  await desk.write(TEXT);
  await expect(paper).toHaveCSS('background-color', PAPER.light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(paper).toHaveCSS('background-color', PAPER.dark);

  const theme = page.getByRole('button', { name: /Theme/ });
  await theme.click();
  await expect(theme).toContainText('Light');
  await expect(paper).toHaveCSS('background-color', PAPER.light);
  await theme.click();
  await expect(theme).toContainText('Dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(paper).toHaveCSS('background-color', PAPER.dark);

  // The server writes it into the page, so that nothing flashes.
  expect(await (await page.request.get('/history')).text()).toContain('data-theme="dark"');
  await page.reload();
  await expect(paper).toHaveCSS('background-color', PAPER.dark);
});
