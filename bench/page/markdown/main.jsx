import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Streamdown } from 'streamdown';
import init, { Live, html } from '/unspool.js';

const THROTTLE_MS = 50;
const out = document.getElementById('out');

/** Edits, applied as they come. */
function unspool() {
  const live = new Live(out);
  return { push: (_, edits) => live.apply(edits), check: checkUnspool };
}

/** The page must show what the server would have written for the whole text. */
function checkUnspool({ blocks }) {
  const written = document.createElement('div');
  written.id = out.id;
  written.className = out.className;
  written.innerHTML = html(blocks);
  out.normalize();
  if (!written.isEqualNode(out)) throw new Error('the page shows something else');
}

/** The text as React state, set with each piece or at most every `pause` ms. */
function streamdown(pause) {
  let show;
  const Text = () => {
    const [text, setText] = useState('');
    show = setText;
    return <Streamdown>{text}</Streamdown>;
  };
  flushSync(() => createRoot(out).render(<Text />));
  let text = '';
  let timer = null;
  const push = (piece) => {
    text += piece;
    if (pause === 0) return show(text);
    timer ??= setTimeout(() => {
      timer = null;
      show(text);
    }, pause);
  };
  return { push, check: checkStreamdown };
}

async function checkStreamdown({ pieces }) {
  const dense = (text) => text.replace(/\W/g, '');
  const end = dense(pieces.join('')).slice(-40);
  while (!dense(out.textContent).endsWith(end)) await new Promise((done) => setTimeout(done, 5));
}

const contenders = {
  unspool,
  streamdown: () => streamdown(0),
  throttled: () => streamdown(THROTTLE_MS),
};

let shown;

/** Gets a contender ready to show a text. */
globalThis.ready = async (name) => {
  if (name === 'unspool') await init();
  shown = contenders[name]();
};

/** Has it show a text at a pace; settled when all of it stands in the page. */
globalThis.show = async (_, run, perSecond) => {
  const count = run.pieces.length;
  const begun = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - begun) * perSecond) / 1000));
    for (; sent < due; sent += 1) shown.push(run.pieces[sent], run.edits[sent]);
    await new Promise((done) => setTimeout(done, 4));
  }
  await shown.check(run);
};
