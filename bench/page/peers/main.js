import { contenders } from './contenders.jsx';
import { inside, wire } from './feeds.js';

/** Has a contender show a text; settled when all of it stands in the page. */
globalThis.show = async (name, pieces, length) => {
  const out = document.getElementById('out');
  await contenders[name](out, (push) => (pieces ? inside(pieces, push) : wire(push)));
  while (out.textContent.length < length) await new Promise((resolve) => setTimeout(resolve, 5));
};
