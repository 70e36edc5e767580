import { execFileSync } from 'node:child_process';
import { BINARY } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

test('the binary prints and serves the licences of all that is inside', async ({ request }) => {
  const printed = execFileSync(BINARY, ['licenses'], { encoding: 'utf8' });
  // C, Rust, and what runs in the browser.
  for (const part of ['SQLite is in the public domain', '\nring ', '\ntokio ', '\nweb-sys ']) {
    expect(printed).toContain(part);
  }
  const served = await request.get('/licenses.txt');
  expect(served.headers()['content-type']).toBe('text/plain; charset=utf-8');
  expect(await served.text()).toBe(printed);
});
