import { equal, notEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { fingerprint, type Fingerprintable, fnv1a64 } from "../../../src/numeric/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** FNV-1a 64 as its definition says it, in BigInt. */
function reference(data: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of data) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
}

Deno.test("fnv1a64() gives the published values", () => {
  equal(fnv1a64(bytes("")), "cbf29ce484222325");
  equal(fnv1a64(bytes("foobar")), "85944171f73967e8");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
    equal(fnv1a64(data), reference(data));
  }));
});

Deno.test("fingerprint() knows every kind of value from every other", () => {
  const values: Fingerprintable[] = [
    null,
    true,
    false,
    0,
    1,
    1n,
    "1",
    "",
    [],
    {},
    [1],
    [[1]],
    [1, 2],
    [[1], 2],
    [1, [2]],
    { a: 1 },
    { a: [1] },
    { b: 1 },
    { a: 1, b: 1 },
    { a: { b: 1 } },
    ["a", 1],
    new Float64Array([1]),
    new Float32Array([1]),
    new Int32Array([1]),
    new BigInt64Array([1n]),
    NaN,
    Infinity,
    -Infinity,
    5e-324,
  ];
  equal(new Set(values.map(fingerprint)).size, values.length);
});

Deno.test("fingerprint() takes equal meanings as equal", () => {
  equal(fingerprint({ a: 1, b: 2 }), fingerprint({ b: 2, a: 1 }));
  equal(fingerprint({ a: 1, b: undefined }), fingerprint({ a: 1 }));
  equal(fingerprint([0]), fingerprint([-0]));
  equal(fingerprint(new Float64Array([0])), fingerprint(new Float64Array([-0])));
  equal(
    fingerprint(new Float64Array([1, 2, 3]).subarray(1, 2)),
    fingerprint(new Float64Array([2])),
  );
});

Deno.test("fingerprint() of plain data is that of its copy, and of changed data another", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
    const a = one as Fingerprintable, b = two as Fingerprintable;
    equal(fingerprint(a), fingerprint(structuredClone(a)));
    notEqual(fingerprint([a, b]), fingerprint([a, b, 0]));
    notEqual(fingerprint({ a, b }), fingerprint({ a, b, c: 0 }));
  }));
});

Deno.test("fingerprint() refuses what is no plain data, naming where", () => {
  const bad = (value: unknown) => () => fingerprint(value as Fingerprintable);
  throws(bad({ a: [0, () => 1] }), /value\.a\[1\] is a function/);
  throws(bad({ when: new Date(0) }), /value\.when is a Date/);
  throws(bad(Symbol("x")), TypeError);
});

Deno.test("fingerprint() never changes", () => {
  const value = {
    kind: "map",
    edges: new Float64Array([0.1, 1, 10]),
    unit: "TeV",
    valid: [true, null],
  };
  equal(fingerprint(value), "ed4d62a2ebb56ca0");
});
