import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRegistry } from "../../../src/registry/mod.ts";

const entry = (kind: string, format: string, version: string) => ({ kind, format, version });

Deno.test("createRegistry() finds an entry by kind, format and version, the first where none is named", () => {
  const registry = createRegistry("format");
  const [a, b, c] = [
    entry("events", "gadf", "0.3"),
    entry("events", "gadf", "0.2"),
    entry("map", "gadf", "0.3"),
  ];
  for (const one of [a, b, c]) registry.register(one);
  strictEqual(registry.lookup("events", "gadf", "0.2"), b);
  strictEqual(registry.lookup("events", "gadf"), a);
  strictEqual(registry.lookup("map", "gadf"), c);
  deepStrictEqual(registry.entries("events"), [a, b]);
  deepStrictEqual(registry.entries(), [a, b, c]);
  ok(Object.isFrozen(a));
});

Deno.test("createRegistry() refuses what is taken, and names what there is", () => {
  const registry = createRegistry("event format");
  registry.register(entry("events", "fermi-ft1", ""));
  throws(() => registry.register(entry("events", "fermi-ft1", "")), /already/);
  throws(
    () => registry.lookup("events", "gadf", "0.3"),
    /No event format "events\/gadf@0.3": known are events\/fermi-ft1/,
  );
  throws(() => registry.lookup("map", "gadf"), /known are none/);
});

Deno.test("createRegistry() gives lists that are the caller's, and registries that share nothing", () => {
  const one = createRegistry("a"), other = createRegistry("a");
  one.register(entry("x", "y", ""));
  (one.entries() as unknown[]).length = 0;
  deepStrictEqual([one.entries().length, other.entries().length], [1, 0]);
});
