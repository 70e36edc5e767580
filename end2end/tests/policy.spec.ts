import { Portal } from '../fixtures/portal.ts';
import { expect, test as base } from '../fixtures/test.ts';

const test = base.extend<{ portal: Portal }>({
  portal: async ({}, use) => {
    const portal = await Portal.start();
    await use(portal);
    await portal.dispose();
  },
});

const POLICY = /Content Security Policy/;

test('styles that stand in markup do not apply', async ({ complaints, desk, page }) => {
  complaints.expect(POLICY);
  await desk.open();
  const colours = await page.evaluate(() => {
    const styled =
      '<p id="by-attribute" style="color: rgb(1, 2, 3)">a</p>' +
      '<p id="by-element">a</p><style>#by-element { color: rgb(1, 2, 3) }</style>';
    document.body.insertAdjacentHTML('beforeend', styled);
    return ['by-attribute', 'by-element'].map(
      (id) => getComputedStyle(document.getElementById(id)!).color,
    );
  });
  for (const colour of colours) expect(colour).not.toBe('rgb(1, 2, 3)');
});

test('another site embeds nothing', async ({ complaints, page, portal, server }) => {
  complaints.expect(POLICY);
  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await page.goto(portal.embedding(server.url));
  await refused;
  await expect(page.frameLocator('iframe').getByTestId('source')).toHaveCount(0);
});

test.describe('a site that is listed', () => {
  test.use({ settings: async ({ portal }, use) => use({ FRAME_ANCESTORS: portal.origin }) });

  test('embeds the page', async ({ page, portal, server }) => {
    await page.goto(portal.embedding(server.url));
    await expect(page.frameLocator('iframe').getByTestId('source')).toBeVisible();
  });
});

test.describe('a name that is not listed', () => {
  test('gets no page, and is told which setting lists it', async ({ complaints, page, server }) => {
    complaints.expect(/status of 421/);
    const answer = await page.goto(`http://unspool.test:${new URL(server.url).port}/`);
    expect(answer?.status()).toBe(421);
    await expect(page.locator('body')).toContainText('UNSPOOL_HOSTS');
  });
});
