import { PER_SECOND } from './text.mjs';

/**
 * Hands on `pieces` at the pace of the bench: every few milliseconds all that are due by then,
 * `send(first, last)` for those from `first` up to and without `last`. Ends early when `gone()`.
 */
export async function pace(count, send, gone = () => false) {
  const begun = performance.now();
  for (let sent = 0; sent < count && !gone();) {
    const due = Math.min(count, Math.ceil(((performance.now() - begun) * PER_SECOND) / 1000));
    if (due > sent) send(sent, due);
    sent = due;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}
