/**
 * The errors of the unbinned amplitude are those that its scatter over simulations has.
 * Usage: deno run -A test/soak/unbinned_pulls.ts [simulations=1000]
 */
import { unbinnedPulls } from "../_tools/unbinned_pulls.ts";

if (import.meta.main) {
  const { n, mean, width } = unbinnedPulls(Number(Deno.args[0] ?? 1000), "soak");
  console.log(`${n} simulations: mean pull ${mean.toFixed(3)}, width ${width.toFixed(3)}`);
  const isGood = width > 0.95 && width < 1.05 && Math.abs(mean) < 4 / Math.sqrt(n);
  Deno.exitCode = isGood ? 0 : 1;
}
