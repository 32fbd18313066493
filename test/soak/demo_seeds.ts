/**
 * The pulls of the demo's estimates over many seeds: mean 0, width 1.
 * Usage: deno run -A test/soak/demo_seeds.ts [seeds=100]
 */
import { runDemo } from "../../examples/demo_run.ts";

if (import.meta.main) {
  const n = Number(Deno.args[0] ?? 100), pulls = new Map<string, number[]>();
  for (let seed = 1; seed <= n; seed++) {
    for (const { name, pull } of (await runDemo(String(seed))).estimates) {
      pulls.set(name, [...pulls.get(name) ?? [], pull]);
    }
  }
  console.log(`${"estimate".padEnd(38)}    mean   width  worst   (${n} seeds)`);
  let isGood = true;
  for (const [name, list] of pulls) {
    const mean = list.reduce((a, b) => a + b, 0) / n;
    const width = Math.sqrt(list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
    const worst = Math.max(...list.map(Math.abs));
    isGood &&= Math.abs(mean) < 0.3 && width > 0.8 && width < 1.2;
    const numbers = [mean, width, worst].map((x) => x.toFixed(3).padStart(7)).join(" ");
    console.log(`${name.padEnd(38)} ${numbers}`);
  }
  Deno.exitCode = isGood ? 0 : 1;
}
