import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pace } from './pace.mjs';

async function listen(handler) {
  const server = http.createServer(handler);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

/** A provider that writes a title at once and the pieces as the summary, at the bench's pace. */
export function provider(pieces) {
  const chunk = (content, finish_reason = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
  const frames = pieces.map((piece) => chunk(JSON.stringify(piece).slice(1, -1)));
  return listen(async (request, response) => {
    request.resume();
    await once(request, 'end');
    response.writeHead(200, EVENT_STREAM);
    response.write(chunk('{"title":"The clock","summary":"'));
    await pace(pieces.length, (first, last) => response.write(frames.slice(first, last).join('')));
    response.end(`${chunk('"}')}${chunk('', 'stop')}data: [DONE]\n\n`);
  });
}

/** Unspool with that provider. */
export async function unspool(binary, providerUrl) {
  const folder = await mkdtemp(path.join(tmpdir(), 'unspool-bench-'));
  const env = {
    PATH: process.env.PATH,
    UNSPOOL_ADDR: '127.0.0.1:0',
    UNSPOOL_DATA: folder,
    UNSPOOL_PROVIDER: 'openai',
    UNSPOOL_BASE_URL: `${providerUrl}/v1`,
    UNSPOOL_MODEL: 'paced',
    UNSPOOL_LOG: 'warn',
  };
  const child = spawn(binary, [], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit').then(([code, signal]) =>
    Promise.reject(new Error(`${binary} ended (${signal ?? code}) before it listened`)),
  );
  gone.catch(() => {});
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), gone]);
  const close = async () => {
    child.kill();
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  return { url: /http:\S+/.exec(line)[0], close };
}

/** Length and hash of a document of text fields, as PROTOCOL.md defines them. */
function checkpoint(fields) {
  let chars = 0;
  let hash = 0n;
  for (const [path, text] of Object.entries(fields)) {
    chars += [...text].length;
    hash ^= fnv1a(Buffer.from(`${path}\0t${text}`));
  }
  return { chars, hash: hash.toString(16).padStart(16, '0') };
}

/** FNV-1a with 64 bits. */
function fnv1a(bytes) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** The events of a generation as Unspool writes them, one for each piece, at the bench's pace. */
function events(pieces) {
  const document = [
    [
      'started',
      {
        generation_id: 'bench',
        provider: 'bench',
        model: 'paced',
        shape: 'default',
        input_chars: 9,
      },
    ],
    ['field_started', { path: '/title' }],
    ['field_delta', { path: '/title', text: 'The clock' }],
    ['field_completed', { path: '/title' }],
    ['field_started', { path: '/summary' }],
    ...pieces.map((text) => ['field_delta', { path: '/summary', text }]),
    ['field_completed', { path: '/summary' }],
    ['checkpoint', checkpoint({ '/title': 'The clock', '/summary': pieces.join('') })],
    [
      'completed',
      {
        finish_reason: 'stop',
        usage: null,
        timings: { first_text_ms: 1, total_ms: 8_000 },
        coverage: { read_chars: 9, total_chars: 9 },
      },
    ],
  ];
  return document.map(
    ([name, data], at) => `id: ${at + 1}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

/** Answers with every event, one frame a piece. */
async function stream(frames, response) {
  response.writeHead(200, EVENT_STREAM);
  response.write('retry: 60000\n\n');
  await pace(
    frames.length,
    (first, last) => response.write(frames.slice(first, last).join('')),
    () => response.destroyed,
  );
  response.end();
}

/** The peers' page and its stream. */
export function peers(pieces, bundle) {
  const frames = events(pieces);
  return listen(async (request, response) => {
    switch (request.url) {
      case '/':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        return response.end(await readFile(new URL('peers/page.html', import.meta.url)));
      case '/peers.js':
        response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' });
        return response.end(bundle);
      case '/events':
        return stream(frames, response);
      default:
        return response.writeHead(204).end();
    }
  });
}

/** Unspool's own page, whose stream is replaced by the one that the peers get. */
export function sameWire(pieces, origin) {
  const frames = events(pieces);
  return listen((request, response) => {
    if (/^\/api\/generations\/[^/]+\/events/.test(request.url)) return stream(frames, response);
    const { method, headers, url } = request;
    const forwarded = http.request(origin + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
}
