import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

/** The Chromium that `cargo xtask test` found, Debian's, or else Playwright's own. */
const chromium =
  process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium'].find((file) => existsSync(file));

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    colorScheme: 'light',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // As a server elsewhere in the network: plain HTTP to it is no secure context.
        '--host-resolver-rules=MAP unspool.test 127.0.0.1',
      ],
    },
  },
});
