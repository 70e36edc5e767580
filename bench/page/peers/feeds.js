import { pace } from '../pace.mjs';

/** From an `EventSource`, as Unspool's own page gets its text. */
export function wire(push) {
  return new Promise((resolve) => {
    const source = new EventSource('/events');
    source.addEventListener('field_delta', (event) => {
      const { path, text } = JSON.parse(event.data);
      if (path === '/summary') push(text);
    });
    source.addEventListener('completed', () => {
      source.close();
      resolve();
    });
  });
}

/** From within the page, at the same pace: no network, no decoding. */
export function inside(pieces, push) {
  return pace(pieces.length, (first, last) => pieces.slice(first, last).forEach(push));
}
