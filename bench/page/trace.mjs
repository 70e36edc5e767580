/** Where the page's main thread spent its time: self time of each kind of task, largest first. */
export function timeByTask({ traceEvents }) {
  const named = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const isMain = ({ pid, tid }) => named.some((thread) => thread.pid === pid && thread.tid === tid);
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.dur > 0 && isMain(event));
  tasks.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const totals = new Map();
  const open = [];
  const add = (name, microseconds) =>
    totals.set(name, (totals.get(name) ?? 0) + microseconds / 1000);
  for (const task of tasks) {
    while (open.length > 0 && open.at(-1).ts + open.at(-1).dur <= task.ts) open.pop();
    // What runs within another task is not that task's own time.
    if (open.length > 0) add(open.at(-1).name, -(task.tdur ?? task.dur));
    add(task.name, task.tdur ?? task.dur);
    open.push(task);
  }
  return [...totals].sort(([, a], [, b]) => b - a);
}
