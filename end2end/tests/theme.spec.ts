import { readHalf, TEXT } from '../fixtures/texts.ts';
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

  await page.getByRole('link', { name: 'Settings' }).click();
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

test('where the reader’s own colours replace all others, nothing that tells is lost', async ({
  desk,
  page,
  upstream,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await readHalf(desk, upstream);
  const background = (name: string, part?: string) =>
    page.locator(name).first().evaluate((element, part) => {
      return getComputedStyle(element, part).backgroundColor;
    }, part);
  const sheet = await background('.sheet');
  expect(await background('.thread')).not.toBe(sheet);
  expect(await background('.wordmark', '::before')).not.toBe(sheet);
  expect(await background('.summary .block:last-child', '::after')).not.toBe(sheet);
  const border = (name: string) =>
    page.locator(name).first().evaluate((element) => getComputedStyle(element).borderBottomColor);
  expect(await background(':checked + span')).not.toBe(sheet);
  expect(await border('.lengths :not(:checked) + span')).toBe(await background('html'));
});
