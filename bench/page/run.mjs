/**
 * `node run.mjs [ROUNDS]`: a text of 100 KB that comes in 20,000 pieces, 2,500 a second, shown by
 * Unspool's page and by others. What it costs the page's main thread.
 *
 * `node run.mjs profile`: where Unspool's page spends that time.
 */
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { measure } from './measure.mjs';
import { peers, provider, sameWire, unspool } from './servers.mjs';
import { pieces as cut, PER_SECOND, PIECES, text } from './text.mjs';
import { timeByTask } from './trace.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const BINARY = process.env.UNSPOOL_BIN ?? here('../../target/release/unspool');
const COLUMNS = ['cpu', 'script', 'style', 'layout', 'longestTask', 'frameGap'];

const WHOLE = text();
const PARTS = cut(WHOLE);

async function bundle() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [here('peers/main.js')],
    bundle: true,
    minify: true,
    write: false,
    jsx: 'automatic',
    conditions: ['browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0].text;
}

/** Unspool's own page, started as a reader starts it. */
function page(url) {
  return {
    async prepare(page) {
      await page.goto(url);
      await page.getByTestId('source').fill('The clock');
      await page.getByTestId('count').filter({ hasText: /^9 / }).waitFor();
    },
    async run(page) {
      // By keyboard: peers have no mouse hovering over them either.
      await page.keyboard.press('Control+Enter');
      await page.locator('[data-state=completed]').waitFor({ timeout: 60_000 });
      // Paragraphs are elements of their own: the white space between them is not in the page.
      const shown = (await page.getByTestId('summary').textContent()).replace(/\s/g, '');
      if (shown !== WHOLE.replace(/\s/g, ''))
        throw new Error(`the page shows ${shown.length} characters`);
    },
  };
}

/** A peer, fed over the wire or, with `pieces`, from within its page. */
function peer(url, name, pieces) {
  return {
    prepare: (page) => page.goto(url),
    run: (page) =>
      page.evaluate(
        ([name, pieces, length]) => show(name, pieces, length),
        [name, pieces, WHOLE.length],
      ),
  };
}

function contenders(whole, wire, others) {
  const peers = {
    'append in blocks (limit)': 'limit',
    'React 19, 50 ms': 'react',
    'useChat, 50 ms': 'chat',
  };
  const fed = (how, pieces) =>
    Object.entries(peers).map(([label, name]) => [`${label}, ${how}`, peer(others, name, pieces)]);
  return new Map([
    ['Unspool, model to page', page(whole)],
    ['Unspool, same wire', page(wire)],
    ...fed('same wire', null),
    ...fed('fed within', PARTS),
  ]);
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function table(results) {
  const medians = new Map();
  for (const [name, rounds] of results) {
    medians.set(
      name,
      Object.fromEntries(
        COLUMNS.map((column) => [column, median(rounds.map((round) => round[column]))]),
      ),
    );
  }
  const own = medians.get('Unspool, same wire').cpu;
  const heads = [
    'ms of the main thread',
    ...COLUMNS.map((column) => column.replace(/([A-Z])/, ' $1').toLowerCase()),
    '× Unspool',
  ];
  const rows = [...medians].map(([name, row]) => [
    name,
    ...COLUMNS.map((column) =>
      column === 'longestTask' && row[column] === 0 ? '< 50' : row[column].toFixed(0),
    ),
    (row.cpu / own).toFixed(2),
  ]);
  const print = (cells) =>
    console.log(
      `| ${cells.map((cell, at) => (at ? cell.padStart(12) : cell.padEnd(38))).join(' | ')} |`,
    );
  print(heads);
  print(heads.map((_, at) => (at ? '---:' : '---')));
  rows.forEach(print);
}

async function compare(all, rounds) {
  const results = new Map([...all.keys()].map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    // Each round begins with another one, so that none has the quiet machine to itself.
    const order = [...all.keys()].map((_, at, names) => names[(at + round) % names.length]);
    for (const name of order) {
      const result = await measure(all.get(name));
      results.get(name).push(result);
      console.error(`round ${round} of ${rounds}: ${name}: ${result.cpu.toFixed(0)} ms`);
    }
  }
  console.log(
    `${WHOLE.length} characters in ${PIECES} pieces, ${PER_SECOND} a second; medians of ${rounds} rounds\n`,
  );
  table(results);
}

async function profile(contender) {
  const result = await measure(contender, (trace) => {
    console.log('ms of the main thread, by the kind of task (self time, with tracing on)');
    for (const [name, spent] of timeByTask(trace).slice(0, 25))
      console.log(`${spent.toFixed(0).padStart(7)}  ${name}`);
  });
  console.log(`${result.cpu.toFixed(0).padStart(7)}  all`);
}

const model = await provider(PARTS);
const server = await unspool(BINARY, model.url);
const wire = await sameWire(PARTS, server.url);
const others = await peers(PARTS, await bundle());
try {
  if (process.argv[2] === 'profile') await profile(page(wire.url));
  else await compare(contenders(server.url, wire.url, others.url), Number(process.argv[2] ?? 3));
} finally {
  for (const each of [others, wire, server, model]) await each.close();
}
