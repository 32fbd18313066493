/**
 * Looks at the page of a monitor in a browser, kills the monitor, starts it again, and prints what was
 * seen as JSON. A program of its own, since a browser's driver wants permissions that tests do not have.
 *
 * Usage: deno run -A test/src/cli/_page_in_browser.ts CONFIG PORT PICTURE
 */
import { chromium } from "playwright-core";
import { start } from "./_gammarx.ts";

const [config, port, picture] = Deno.args as [string, string, string];
const address = `127.0.0.1:${port}`;
const args = ["monitor", config, "--simulate", "--speed", "150", "--serve", address, "--stay"];

/** Starts the monitor; resolves when it serves. */
async function monitor(): Promise<Deno.ChildProcess> {
  const child = start(args);
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(` at http://${address}/`)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the monitor ended: ${text}`);
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })();
  void child.stdout.cancel();
  return child;
}

const WATCH = `
  window.gaps = [];
  let last = performance.now();
  new MutationObserver(() => {
    const now = performance.now();
    window.gaps.push(now - last);
    last = now;
  }).observe(document.body, { attributes: true, attributeFilter: ["data-updates"] });
`;

let child = await monitor();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const seen: Record<string, unknown> = {};
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const errors: string[] = [], requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`http://${address}/`);
  await page.waitForSelector(".badge.running");
  await page.evaluate(WATCH);
  await page.waitForSelector("#alerts details", { timeout: 30_000 });
  await page.waitForTimeout(3000);
  seen.gapsMs = await page.evaluate("window.gaps");
  seen.alerts = await page.locator("#alerts summary").allTextContents();
  seen.nCharts = await page.locator(".uplot canvas").count();
  seen.skyNote = await page.textContent("#skynote");
  // Pixels that are not blank: a chart that draws nothing would pass without.
  seen.skyColours = await page.evaluate(`
    (() => {
      const { width, height } = sky;
      const { data } = sky.getContext("2d").getImageData(0, 0, width, height);
      const colours = new Set();
      for (let i = 0; i < data.length; i += 4) {
        colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
      }
      return colours.size;
    })()
  `);
  await page.screenshot({ path: picture });
  seen.errors = [...errors];
  seen.foreign = requests.filter((url) => !url.startsWith(`http://${address}/`));

  const before = await (await fetch(`http://${address}/api/state`)).json();
  child.kill("SIGKILL");
  await child.status;
  await page.waitForSelector(".badge.lost");
  child = await monitor();
  await page.waitForSelector(".badge:not(.lost)", { timeout: 20_000 });
  await page.waitForSelector("#alerts details", { timeout: 20_000 });
  await page.waitForTimeout(1000);
  const after = await (await fetch(`http://${address}/api/state`)).json();
  seen.alertsAfter = await page.locator("#alerts summary").allTextContents();
  seen.historyBefore = before.curve.bins.slice(0, 3);
  seen.historyAfter = after.curve.bins.slice(0, 3);
  seen.countsAreTheSame = JSON.stringify(before.curve.counts[0].slice(0, 150)) ===
    JSON.stringify(after.curve.counts[0].slice(0, 150));
  seen.idsBefore = before.alerts.map(({ alert }: { alert: { id: string } }) => alert.id);
  seen.idsAfter = after.alerts.map(({ alert }: { alert: { id: string } }) => alert.id);
} finally {
  await browser.close();
  try {
    child.kill("SIGKILL");
  } catch {
    // it has ended
  }
}
console.log(JSON.stringify(seen));
Deno.exit(0);
