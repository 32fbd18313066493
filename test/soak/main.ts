/** Runs all long tests of this folder one after the other; exits with 1 if one fails. */
const here = new URL(".", import.meta.url), own = "main.ts";
const names = [...Deno.readDirSync(here)].map(({ name }) => name)
  .filter((name) => name.endsWith(".ts") && !name.startsWith("_") && name !== own).sort();

const failed: string[] = [];
for (const name of names) {
  console.log(`\n== ${name}`);
  const startMs = performance.now();
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=test", new URL(name, here).pathname],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  console.log(`== ${name}: exit ${code}, ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  if (code !== 0) failed.push(name);
}
console.log(failed.length === 0 ? "\nall passed" : `\nfailed: ${failed.join(" ")}`);
Deno.exitCode = failed.length === 0 ? 0 : 1;
