/**
 * `node markdown.mjs WORK WASM [ROUNDS]`: Markdown in pieces of 4 to 40 characters, shown by
 * Unspool's page, which gets edits, and by Streamdown, which gets the text. What it costs the
 * page's main thread. WORK is what `bench markdown` writes, WASM the folder of `markdown-page`.
 */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { measure } from './measure.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const [WORK, WASM] = process.argv.slice(2);
const ROUNDS = Number(process.argv[4] ?? 3);
const PER_SECOND = 500;
const NAMES = {
  unspool: 'Unspool, edits',
  streamdown: 'Streamdown, each piece',
  throttled: 'Streamdown, 50 ms',
};

const runs = JSON.parse(await readFile(WORK, 'utf8'));

async function bundle() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [here('markdown/main.jsx')],
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    jsx: 'automatic',
    conditions: ['browser'],
    external: ['/unspool.js'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0].text;
}

function serve(files) {
  const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.wasm': 'application/wasm' };
  const server = http.createServer(async ({ url }, response) => {
    const body = await files[url]?.();
    if (body === undefined) return response.writeHead(204).end();
    const type = types[path.extname(url === '/' ? '.html' : url)] ?? 'text/javascript; charset=utf-8';
    response.writeHead(200, { 'content-type': url === '/' ? types['.html'] : type }).end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const close = () => new Promise((done) => server.close(done));
      resolve({ url: `http://127.0.0.1:${server.address().port}/`, close });
    });
  });
}

function contender(url, name, run) {
  return {
    prepare: async (page) => {
      await page.goto(url);
      await page.evaluate(([name]) => globalThis.ready(name), [name]);
    },
    run: (page) =>
      page.evaluate(([name, run, rate]) => globalThis.show(name, run, rate), [name, run, PER_SECOND]),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function table(results) {
  const heads = ['', 'ms, 25 KB', 'ms, 100 KB', '× Unspool', 'growth', 'longest task', 'frame gap'];
  const print = (cells) =>
    console.log(`| ${cells.map((cell, at) => (at ? cell.padStart(12) : cell.padEnd(24))).join(' | ')} |`);
  print(heads);
  print(heads.map((_, at) => (at ? '---:' : '---')));
  const of = (name, size, column) => median(results[name][size].map((round) => round[column]));
  for (const [name, label] of Object.entries(NAMES)) {
    const [short, long] = [of(name, 0, 'cpu'), of(name, 1, 'cpu')];
    const longest = of(name, 1, 'longestTask');
    print([
      label,
      short.toFixed(0),
      long.toFixed(0),
      (long / of('unspool', 1, 'cpu')).toFixed(1),
      // What a byte costs in the long text, against the short one.
      (long / runs[1].bytes / (short / runs[0].bytes)).toFixed(2),
      longest === 0 ? '< 50' : longest.toFixed(0),
      of(name, 1, 'frameGap').toFixed(0),
    ]);
  }
}

const page = await serve({
  '/': () => readFile(here('markdown/page.html')),
  '/unspool.css': () => readFile(path.join(WASM, 'unspool.css')),
  '/unspool.js': () => readFile(path.join(WASM, 'unspool.js')),
  '/unspool_bg.wasm': () => readFile(path.join(WASM, 'unspool_bg.wasm')),
  '/main.js': await bundle().then((text) => () => text),
});
try {
  const names = Object.keys(NAMES);
  const results = Object.fromEntries(names.map((name) => [name, runs.map(() => [])]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    // Each round begins with another one, so that none has the quiet machine to itself.
    for (const name of names.map((_, at) => names[(at + round) % names.length])) {
      for (const [size, run] of runs.entries()) {
        const result = await measure(contender(page.url, name, run));
        results[name][size].push(result);
        console.error(`round ${round} of ${ROUNDS}: ${name}, ${run.bytes} bytes: ${result.cpu.toFixed(0)} ms`);
      }
    }
  }
  console.log(`\nms of the main thread, pieces of 4 to 40 characters, ${PER_SECOND} a second; medians of ${ROUNDS} rounds\n`);
  table(results);
} finally {
  await page.close();
}
