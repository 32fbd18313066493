import { ok, strictEqual, throws } from "node:assert/strict";
import { integrate, integrateLog, quadrature } from "../../../src/numeric/mod.ts";

const close = (a: number, b: number, rtol: number) =>
  ok(Math.abs(a - b) <= rtol * Math.abs(b), `${a} is not ${b}`);

Deno.test("integrate() is exact for polynomials up to degree 31", () => {
  for (let degree = 0; degree <= 31; degree++) {
    const value = integrate((x) => x ** degree, { low: 0.5, high: 2 });
    close(value, (2 ** (degree + 1) - 0.5 ** (degree + 1)) / (degree + 1), 1e-13);
  }
});

Deno.test("integrate() adds up over parts, and turns its sign with its ends", () => {
  const f = (x: number) => Math.sin(20 * x), exact = (1 - Math.cos(20)) / 20;
  close(integrate(f, { low: 0, high: 1, parts: 8 }), exact, 1e-12);
  close(integrate(f, { low: 1, high: 0, parts: 8 }), -exact, 1e-12);
  strictEqual(Math.abs(integrate(f, { low: 3, high: 3 })), 0);
});

Deno.test("quadrature() gives what integrate() uses, ascending", () => {
  const range = { low: -1, high: 4, parts: 3 }, { nodes, weights } = quadrature(range);
  strictEqual(nodes.length, 48);
  nodes.forEach((x, i) => ok(i === 0 || x > nodes[i - 1]!));
  const sum = nodes.reduce((all, x, i) => all + weights[i]! * Math.exp(x), 0);
  close(sum, integrate(Math.exp, range), 1e-14);
  close(sum, Math.exp(4) - Math.exp(-1), 1e-13);
});

Deno.test("integrateLog() integrates power laws over decades", () => {
  for (const index of [-3, -2.5, -1, 0, 2]) {
    const exact = index === -1
      ? Math.log(1e6)
      : (1e3 ** (index + 1) - 1e-3 ** (index + 1)) / (index + 1);
    close(integrateLog((x) => x ** index, { low: 1e-3, high: 1e3 }), exact, 1e-11);
  }
  throws(() => integrateLog((x) => x, { low: 0, high: 1 }), RangeError);
});
