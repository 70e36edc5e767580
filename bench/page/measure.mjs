import { chromium } from '@playwright/test';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Longest task and widest gap between two frames, from `observe()` on. */
function watchThePage() {
  const seen = { longestTask: 0, longTasks: 0, frameGap: 0 };
  let last = 0;
  const frame = (now) => {
    if (last) seen.frameGap = Math.max(seen.frameGap, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  globalThis.observe = () => {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        seen.longTasks += 1;
        seen.longestTask = Math.max(seen.longestTask, duration);
      }
    }).observe({ type: 'longtask' });
    requestAnimationFrame(frame);
  };
  globalThis.observed = () => seen;
}

/**
 * Opens a fresh browser, lets `prepare` load the page and `run` do the work, and tells what the
 * work cost the main thread, in milliseconds of CPU. With `traced`, that gets a trace of the work.
 */
export async function measure({ prepare, run }, traced = null) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watchThePage);
    const broken = new Promise((_, reject) => page.on('pageerror', reject));
    await Promise.race([prepare(page), broken]);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
    };
    await page.evaluate(() => {
      observe();
      return new Promise((resolve) => setTimeout(resolve, 200));
    });
    if (traced)
      await browser.startTracing(page, {
        categories: ['toplevel', 'devtools.timeline', 'blink', 'v8'],
      });
    const before = await spent();
    await Promise.race([run(page), broken]);
    const after = await spent();
    if (traced) traced(JSON.parse(await browser.stopTracing()));
    const cost = (name) => after[name] - before[name];
    return {
      cpu: cost('TaskDuration'),
      script: cost('ScriptDuration'),
      layout: cost('LayoutDuration'),
      style: cost('RecalcStyleDuration'),
      ...(await page.evaluate(() => observed())),
    };
  } finally {
    await browser.close();
  }
}
