import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { hearOnTime, installClock } from '../fixtures/clock.ts';
import { Nginx, whyNoNginx } from '../fixtures/nginx.ts';
import { TEXT } from '../fixtures/texts.ts';
import { expect, NETWORK, test as base } from '../fixtures/test.ts';
import { Connection } from '../pages/connection.ts';

const test = base.extend<{ connection: Connection }>({
  connection: async ({ page }, use) => use(new Connection(page)),
});

test.use({ settings: { PROVIDER: 'builtin', HOSTS: 'unspool.test' } });

/** In both colour schemes. */
async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`);
    expect(found, colorScheme).toEqual([]);
  }
}

test('messages come one by one, and the page says that all is well', async ({
  connection,
  page,
}) => {
  await hearOnTime(page);
  await page.goto('/settings');
  await page.locator('main a[href="/diagnostics"]').click();
  await expect(page).toHaveURL(/\/diagnostics$/);
  await expect(connection.start).toBeEnabled();
  await connection.ask(6, 0.3);
  await expect(connection.start).toHaveText('Stop');
  await expect(connection.messages.nth(1)).toBeVisible();
  await expect(connection.progress).toContainText('of 6');
  await connection.expectVerdict('fine');
  await expect(connection.verdict).toContainText(/as they are sent \(largest delay \d+ ms\)/);
  await expect(connection.messages).toHaveCount(6);
  await expect(connection.messages.last()).toContainText(/Knot 6\+ \d+ ms/);
  await expect(connection.bars).toHaveCount(6);
  await expect(page.getByTestId('spread')).toContainText(/asked for: 300 ms/);
  await expect(connection.remedies).toHaveCount(0);
  await expect(page.getByTestId('announcer')).toContainText('as they are sent');
});

test('what is cut goes on at the right number', async ({ connection, page }) => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/stream?')) asked.push(request.url());
  });
  await hearOnTime(page);
  await connection.open();
  await connection.ask(20, 0.3);
  await expect(connection.messages.nth(2)).toBeVisible();
  await connection.cut.click();
  await expect(connection.continued).toContainText(/went on with \d+: nothing lost/);
  await connection.expectVerdict('fine');
  await expect(connection.messages).toHaveCount(20);
  const numbers = await connection.messages.locator('.number').allTextContents();
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
  const [, before, next] = /message (\d+), went on with (\d+)/.exec(
    await connection.continued.innerText(),
  )!;
  expect(Number(next)).toBe(Number(before) + 1);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toContain(`after=${before}`);
});

test('the plot says where the pause that was asked for lies', async ({ connection, page }) => {
  await hearOnTime(page);
  await connection.open();
  await connection.ask(3, 0.3);
  await connection.expectVerdict('fine');
  const [word, line] = [page.locator('.plot-asked-word'), page.locator('.plot-asked')];
  const place = () => word.evaluate((element) => (element as HTMLElement).style.insetBlockStart);
  await expect.poll(place).toBe(`${await line.getAttribute('y1')}%`);
});

test('whoever starts it from a field can stop it from there', async ({ connection, page }) => {
  await connection.open();
  const count = page.getByLabel('Messages', { exact: true }).first();
  await count.fill('100');
  await count.press('Enter');
  await expect(connection.messages.first()).toBeVisible();
  await expect(connection.start).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(connection.start).toHaveText('Start again');
});

test('it can be stopped and started again', async ({ connection, page, request }) => {
  await hearOnTime(page);
  await connection.open();
  await connection.ask(100, 0.5);
  await expect(connection.messages.nth(1)).toBeVisible();
  await connection.start.click();
  await expect(connection.progress).toContainText('of 100 arrived');
  const open = async () => (await (await request.get('/connections')).json()).active_connections;
  await expect.poll(open).toBe(0);
  await connection.ask(3, 0.1, 'Second');
  await connection.expectVerdict('fine');
  await expect(connection.messages).toHaveCount(3);
  await expect(connection.messages.first()).toContainText('Second 1');
});

test('a line that breaks is told, and taken up again', async ({ complaints, connection, line }) => {
  complaints.expect(NETWORK);
  await connection.open(line.url);
  await connection.ask(20, 0.3);
  await expect(connection.messages.nth(2)).toBeVisible();
  // The server is there all the while.
  line.cut();
  line.mend();
  await expect(connection.verdict).toHaveAttribute('data-verdict', 'cut-off');
  await connection.expectVerdict('cut-off');
  await expect(connection.messages).toHaveCount(20);
  await expect(connection.verdict).toContainText('all have arrived');
});

test('a stream that ceases is told as long as it does', async ({ connection, line }) => {
  await connection.open(line.url);
  await connection.ask(20, 0.2);
  await expect(connection.messages.nth(2)).toBeVisible();
  line.hold();
  await expect(connection.verdict).toHaveAttribute('data-verdict', 'stalled');
  await expect(connection.verdict).toContainText(/Message \d+ was the last; nothing has come for/);
  await expect(connection.remedies).toBeVisible();
  line.release();
  await expect(connection.progress).toContainText('Over: 20 of 20');
  await expect(connection.verdict).not.toHaveAttribute('data-verdict', 'stalled');
});

test('a server that dies is not mistaken for an impatient proxy, and is waited for', async ({
  complaints,
  connection,
  page,
  server,
}) => {
  complaints.expect(NETWORK);
  await installClock(page);
  await connection.open();
  await connection.ask(14, 0.3);
  await expect(connection.messages.nth(2)).toBeVisible();
  await server.kill();
  await expect(connection.verdict).toHaveAttribute('data-verdict', 'away');
  await expect(connection.verdict).toContainText('The server cannot be reached');
  await expect(connection.remedies).toHaveCount(0);
  await expect(page.getByTestId('announcer')).toContainText('cannot be reached');
  for (const wait of [500, 1_000, 2_000]) {
    const refused = page.waitForEvent('requestfailed', (all) => /\/stream\?/.test(all.url()));
    await page.clock.fastForward(wait);
    await refused;
  }
  await expect(connection.start).toHaveText('Stop');
  await server.restart();
  await page.clock.fastForward(10_000);
  await connection.expectVerdict('returned');
  await expect(connection.messages).toHaveCount(14);
  await expect(connection.verdict).toContainText('It is back');
});

test('a server that is away is told', async ({ complaints, connection, server }) => {
  complaints.expect(NETWORK);
  await connection.open();
  await server.kill();
  await connection.ask(3, 0.1);
  await expect(connection.verdict).toHaveAttribute('data-verdict', 'away');
  await expect(connection.verdict).toContainText('The server cannot be reached');
  await connection.start.click();
  await expect(connection.progress).toContainText('Over: 0 of 3');
});

test('it is accessible, in both languages and on a phone', async ({ connection, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await hearOnTime(page);
  await connection.open();
  await expectAccessible(page);
  await connection.ask(4, 0.1);
  await expect(connection.progress).toContainText('Over:');
  await expectAccessible(page);
  await page.getByRole('link', { name: '中文' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('连接');
  await expect(connection.verdict).toContainText('消息随发随到');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('without JavaScript it leads to the messages', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/diagnostics`);
  await expect(page.getByRole('link', { name: 'the messages themselves' })).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await context.close();
});

test.describe('behind nginx', () => {
  const missing = whyNoNginx();
  if (missing) console.log(`diagnostics: the tests behind nginx are skipped: ${missing}`);
  test.skip(missing !== null, missing ?? '');

  test('one that holds answers back is found out', async ({ connection, page, server }) => {
    // By HTTP/1.0, as nginx asks by default, it passes on what has filled a buffer.
    const nginx = await Nginx.before(server.url, [
      'proxy_http_version 1.0;',
      'proxy_ignore_headers X-Accel-Buffering;',
      'proxy_buffering on;',
      'proxy_buffer_size 64k;',
      'proxy_buffers 8 64k;',
    ]);
    try {
      await connection.open(nginx.url);
      await connection.ask(8, 0.5);
      await connection.expectVerdict('held-back');
      // The first of them waits for the last.
      await expect(connection.verdict).toContainText(
        /holds events back for 3\.\d s: switch off response buffering/,
      );
      await connection.remedies.getByText('nginx').click();
      await expect(page.getByText('proxy_buffering off;')).toContainText(
        `proxy_pass http://${new URL(nginx.url).host};`,
      );
      await expect(page.getByText('client_max_body_size 4m;')).toBeVisible();
      await expectAccessible(page);
    } finally {
      await nginx.dispose();
    }
  });

  test('one with the lines that are offered lets a text through', async ({
    complaints,
    connection,
    desk,
    line,
    page,
  }) => {
    complaints.expect(NETWORK);
    await connection.open(line.url);
    await connection.ask(20, 0.3);
    await expect(connection.messages.first()).toBeVisible();
    line.cut();
    line.mend();
    await connection.remedies.getByText('nginx').click();
    const lines = await connection.remedies.getByLabel('nginx').innerText();
    expect(lines).toContain('proxy_set_header Host $http_host;');
    const nginx = await Nginx.with(lines);
    try {
      // Its name is not the one that the lines ask the server by.
      await page.goto(nginx.url.replace('127.0.0.1', 'unspool.test'));
      await desk.write(TEXT);
      await desk.button.click();
      await desk.expectState('completed');
    } finally {
      await nginx.dispose();
    }
  });

  test('one whose server is away is not told to wait longer', async ({
    complaints,
    connection,
    server,
  }) => {
    complaints.expect(NETWORK);
    const nginx = await Nginx.before(server.url, ['proxy_buffering off;']);
    try {
      await connection.open(nginx.url);
      await connection.ask(8, 0.3);
      await expect(connection.messages.nth(1)).toBeVisible();
      await server.kill();
      await expect(connection.verdict).toHaveAttribute('data-verdict', 'away');
    } finally {
      await nginx.dispose();
    }
  });

  test('one that passes everything on at once is fine', async ({ connection, server }) => {
    const nginx = await Nginx.before(server.url, ['proxy_buffering off;']);
    try {
      await connection.open(nginx.url);
      await connection.ask(8, 0.2);
      await connection.expectVerdict('fine');
    } finally {
      await nginx.dispose();
    }
  });

  test('one that is left as it is heeds what the server asks for', async ({ connection, server }) => {
    const nginx = await Nginx.before(server.url, ['proxy_buffering on;']);
    try {
      await connection.open(nginx.url);
      await connection.ask(8, 0.2);
      await connection.expectVerdict('fine');
    } finally {
      await nginx.dispose();
    }
  });

  test('one that is impatient is told from one that holds back', async ({
    complaints,
    connection,
    server,
  }) => {
    complaints.expect(NETWORK);
    const nginx = await Nginx.before(server.url, ['proxy_buffering off;', 'proxy_read_timeout 1s;']);
    try {
      await connection.open(nginx.url);
      await connection.ask(4, 1.5);
      await connection.expectVerdict('cut-off');
    } finally {
      await nginx.dispose();
    }
  });
});
