import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { type Figure, figure, type Mark, type SkyPixels } from "../../../src/plot/mod.ts";

/** Holds a document to be well-formed: tags nest, attributes are quoted and unique, no stray & or <. */
function wellFormed(svg: string): void {
  const open: string[] = [], tag = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z:-]+="[^"<]*")*)\s*(\/?)>/y;
  let at = 0;
  while (at < svg.length) {
    const next = svg.indexOf("<", at), text = svg.slice(at, next < 0 ? svg.length : next);
    ok(!/&(?!(amp|lt|gt|quot);)/.test(text) && !text.includes(">"), `stray character in "${text}"`);
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(svg);
    ok(found, `no tag: ${svg.slice(next, next + 80)}`);
    const names = [...found[3]!.matchAll(/([A-Za-z:-]+)="/g)].map((m) => m[1]);
    equal(new Set(names).size, names.length, `attribute twice: ${found[0]}`);
    ok(!/&(?!(amp|lt|gt|quot);)/.test(found[3]!));
    if (found[1] === "/") equal(open.pop(), found[2]);
    else if (found[4] === "") open.push(found[2]!);
    at = tag.lastIndex;
  }
  deepEqual(open, []);
  ok(!svg.includes("NaN") && !svg.includes("Infinity") && !svg.includes("undefined"));
}

const flat: SkyPixels = {
  pixelToWorld: (x, y) => ({ lonDeg: 83.5 - 0.02 * (x - 49.5), latDeg: 22 + 0.02 * (y - 49.5) }),
  worldToPixel: (lon, lat) => ({ x: 49.5 - (lon - 83.5) / 0.02, y: 49.5 + (lat - 22) / 0.02 }),
};
const image: Mark = {
  kind: "raster",
  values: new Float64Array(100 * 100).map((_, i) => i === 7 ? NaN : i % 100),
  width: 100,
  height: 100,
  barLabel: "Counts",
};
const everything: Figure = {
  columns: 2,
  width: 800,
  height: 600,
  panels: [
    {
      title: "A & B < C",
      x: { label: "Time", unit: "MJD" },
      y: { label: "Flux", unit: "cm-2 s-1" },
      marks: [
        {
          kind: "points",
          x: [1, 2, NaN, 4],
          y: [1e-11, 2e-11, 3e-11, 4e-11],
          yError: [1e-12, 1e-12, 1e-12, 1e-12],
          isUpperLimit: [false, true, false, false],
          label: '"points"',
        },
        { kind: "span", axis: "x", from: 2, to: 3, label: "flare" },
        { kind: "rule", axis: "y", at: 2e-11, dash: [3, 2] },
        { kind: "text", x: 0.1, y: 0.9, in: "panel", text: "10^{−3} E_{cut}" },
      ],
    },
    {
      x: { scale: "log" },
      y: { scale: "log" },
      marks: [
        {
          kind: "steps",
          edges: [1, 2, 4, 8],
          values: [10, 0, 3],
          yError: [3, 1, 2],
          fillOpacity: 0.3,
        },
        { kind: "band", x: [1, 4, 8], low: [1, 2, NaN], high: [3, 4, 5], label: "band" },
        { kind: "line", x: [1, 2, 4, 8], y: [1, NaN, 2, 3], label: "line" },
      ],
    },
    { sky: { wcs: flat }, marks: [image, { kind: "circle", x: 50, y: 50, radius: 5 }] },
    { marks: [] },
  ],
};

Deno.test("figure() is well-formed XML with every mark", () => {
  wellFormed(figure(everything));
});

Deno.test("figure() gives the same text every time and does not change its input", () => {
  const before = structuredClone({ ...everything, panels: everything.panels.slice(0, 2) });
  equal(figure(everything), figure(everything));
  deepEqual({ ...everything, panels: everything.panels.slice(0, 2) }, before);
});

Deno.test("figure() is well-formed for any finite data and any text", () => {
  const numbers = fc.array(fc.double({ min: -1e30, max: 1e30, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(fc.property(numbers, fc.string({ unit: "binary" }), fc.boolean(), (y, label, log) => {
    const scale = log ? "log" as const : "linear" as const;
    wellFormed(figure({
      panels: [{
        x: { label },
        y: { scale, label },
        marks: [{ kind: "points", x: y.map((_, i) => i), y, yError: y.map(Math.abs), label }, {
          kind: "line",
          x: y.map((_, i) => i),
          y,
        }],
      }],
    }));
  }));
});

Deno.test("figure() puts points where the axes say", () => {
  const svg = figure({
    width: 300,
    height: 200,
    panels: [{
      x: { range: [0, 10] },
      y: { range: [1, 100], scale: "log" },
      marks: [{ kind: "line", x: [0, 5, 10], y: [1, 10, 100] }],
    }],
  });
  const box = /<clipPath[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/
    .exec(svg)!;
  const [left, top, width, height] = box.slice(1).map(Number) as [number, number, number, number];
  const two = (v: number) => String(Math.round(v * 100) / 100);
  const path = `M${left},${top + height}L${two(left + width / 2)},${two(top + height / 2)}L${
    left + width
  },${top}`;
  ok(svg.includes(path), path);
});

Deno.test("figure() writes decades as raised tspans and negative powers with a minus sign", () => {
  const svg = figure({
    panels: [{
      x: { scale: "log", range: [1e-3, 1e3], unit: "TeV" },
      y: { label: "dN/dE", unit: "cm-2 s**-1 TeV^-1" },
      marks: [],
    }],
  });
  match(svg, />10<tspan dy="-[\d.]+" font-size="[\d.]+">−3<\/tspan><\/text>/);
  match(
    svg,
    /dN\/dE \[cm<tspan[^>]*>−2<\/tspan><tspan dy="[\d.]+"> s<\/tspan><tspan[^>]*>−1<\/tspan>/,
  );
  ok(svg.includes("[TeV]"));
});

Deno.test("figure() draws an upper limit as an arrow down without error bar", () => {
  const one = (isUpperLimit: boolean) =>
    figure({
      panels: [{
        x: { range: [0, 2] },
        y: { range: [0, 2] },
        marks: [{ kind: "points", x: [1], y: [1], yError: [0.5], isUpperLimit: [isUpperLimit] }],
      }],
    });
  const inside = (svg: string) => /<g clip-path[^>]*>(.*?)<\/g>/s.exec(svg)![1]!;
  match(inside(one(true)), /v16"/);
  ok(!/V/.test(inside(one(true))) && /V/.test(inside(one(false))));
});

Deno.test("figure() shares the horizontal axis of stacked panels", () => {
  const marks = (to: number): Mark[] => [{ kind: "line", x: [0, to], y: [0, 1] }];
  const svg = figure({
    shareX: true,
    panels: [{ x: { label: "hidden" }, marks: marks(5) }, {
      x: { label: "Time" },
      marks: marks(10),
    }],
  });
  ok(svg.includes("Time") && !svg.includes("hidden"));
  const boxes = [
    ...svg.matchAll(
      /<clipPath[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
    ),
  ]
    .map((m) => m.slice(1).map(Number));
  equal(boxes[0]![0], boxes[1]![0]);
  equal(boxes[0]![1]! + boxes[0]![3]!, boxes[1]![1]);
});

Deno.test("figure() labels right ascension in hours, growing to the left, and declination", () => {
  const svg = figure({ panels: [{ sky: { wcs: flat }, marks: [image] }] });
  const texts = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>(.*?)<\/text>/g)].map((m) =>
    [Number(m[1]), m[2]!.replaceAll(/<[^>]*>/g, "")] as const
  );
  const hours = texts.filter(([, text]) => /^\dh\d\dm/.test(text));
  ok(hours.length >= 2);
  for (let i = 1; i < hours.length; i++) {
    ok(hours[i]![0] > hours[i - 1]![0] && hours[i]![1] < hours[i - 1]![1]);
  }
  ok(
    texts.some(([, text]) => text === "+22°00′") &&
      texts.some(([, text]) => text === "Declination"),
  );
  match(svg, /<image [^>]*href="data:image\/png;base64,/);
});

Deno.test("figure() labels galactic coordinates in degrees", () => {
  const svg = figure({ panels: [{ sky: { wcs: flat, frame: "galactic" }, marks: [image] }] });
  ok(svg.includes("Galactic longitude") && svg.includes(">83.5°<"));
});

Deno.test("figure() keeps ids apart by prefix", () => {
  const panels = [{ marks: [] }];
  ok(figure({ panels, id: "a" }).includes('id="a0"'));
  notEqual(figure({ panels, id: "a" }), figure({ panels, id: "b" }));
});

Deno.test("figure() refuses what it cannot draw", () => {
  const one = (marks: Mark[], x = {}) => () => figure({ panels: [{ x, marks }] });
  throws(() => figure({ panels: [] }), TypeError);
  throws(one([], { scale: "log", range: [0, 1] }), RangeError);
  throws(one([], { range: [1, 1] }), RangeError);
  throws(one([{ kind: "steps", edges: [0, 1], values: [1, 2] }]), TypeError);
  throws(one([{ kind: "raster", values: [1], width: 2, height: 1 }]), TypeError);
  throws(() => figure({ width: 60, height: 40, panels: [{ marks: [] }] }), RangeError);
});
