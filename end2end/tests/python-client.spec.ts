import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../fixtures/test.ts';

const run = promisify(execFile);
/** The client, in the version that was tried. */
const PACKAGE = 'openai==3.57.0';
const SCRIPT = path.resolve(import.meta.dirname, '../python-client/ask.py');

/** A Python with the client, installed once for all checkouts of this user; null where it cannot be. */
async function python(): Promise<string | null> {
  const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const folder = path.join(caches, 'unspool', `python-${PACKAGE.replace('==', '-')}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    try {
      await run('python3', ['-m', 'venv', unfinished]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE];
      await run(path.join(unfinished, 'bin/python'), pip);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      if (!existsSync(folder)) {
        console.log(`The test with OpenAI's client for Python is skipped: ${String(error)}`);
        return null;
      }
    }
  }
  return path.join(folder, 'bin/python3');
}

test('OpenAI’s own client for Python streams, asks at once and raises', async ({
  server,
  upstream,
}) => {
  // The first run installs the client.
  test.setTimeout(180_000);
  const interpreter = await python();
  test.skip(interpreter === null, 'there is no Python with the client');
  const asked = run(interpreter!, [SCRIPT, `${server.url}/v1`]);
  for (let times = 0; times < 2; times += 1) {
    const exchange = await upstream.next();
    await exchange.raw('Because ', 'it scatters.');
    await exchange.over('stop');
  }
  const { stdout } = await asked;
  expect(JSON.parse(stdout)).toEqual({
    streamed: 'Because it scatters.',
    usage: 18,
    whole: 'Because it scatters.',
    error: 422,
    models: ['fake-1'],
  });
});
