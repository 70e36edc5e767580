/** `node first-paint.mjs URL`: milliseconds to the first contentful paint, the median of five loads. */
import { chromium } from '@playwright/test';

const ROUNDS = 5;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH,
  args: ['--no-sandbox', '--disable-gpu'],
});
const times = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const page = await browser.newPage();
  await page.goto(process.argv[2]);
  const painted = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  times.push(await painted.jsonValue());
  await page.close();
}
await browser.close();
times.sort((a, b) => a - b);
console.log(times[Math.floor(ROUNDS / 2)]);
