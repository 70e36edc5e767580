// node:http with frames written by hand. PORT
import http from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

const frame = (i) => {
  const told = { i, t: Number(process.hrtime.bigint()), op: 'append', v: '流式 tok' };
  return `data: ${JSON.stringify(told)}\n\n`;
};

const server = http.createServer(async (request, response) => {
  const query = new URL(request.url, 'http://localhost').searchParams;
  const asked = (name, otherwise) => Number(query.get(name) ?? otherwise);
  const [n, ms, y] = [asked('n', 200), asked('ms', 0), asked('y', 0)];
  let gone = false;
  response.on('close', () => { gone = true; });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (let i = 0; i < n && !gone; i++) {
    if (ms && i) await sleep(ms);
    else if (!ms && y) await turn();
    if (!response.write(frame(i)) && !gone) {
      await new Promise((go) => { response.once('drain', go); response.once('close', go); });
    }
  }
  response.end();
});
server.listen(Number(process.argv[2]), '127.0.0.1', 4096);
