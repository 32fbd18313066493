import assert from "node:assert/strict";
import fc from "fast-check";
import { createRegion, formatRegions, parseRegions, type Region } from "../../../src/sky/mod.ts";
import { anyRegion } from "./_region_arbitrary.ts";

Deno.test("parseRegions() reads every shape", () => {
  const center = { frame: "icrs", lonDeg: 83.633, latDeg: -22.014 } as const;
  const shapes: readonly [string, Region][] = [
    ["circle(83.633,-22.014,0.5)", { kind: "circle", ...center, radiusDeg: 0.5 }],
    ["circle 83.633 -22.014 0.5", { kind: "circle", ...center, radiusDeg: 0.5 }],
    ["CIRCLE( 83.633 , -22.014 , 30' )", { kind: "circle", ...center, radiusDeg: 0.5 }],
    [`annulus(83.633,-22.014,1800",1d)`, {
      kind: "annulus",
      ...center,
      innerRadiusDeg: 0.5,
      outerRadiusDeg: 1,
    }],
    ["ellipse(83.633,-22.014,0.5,1,30)", {
      kind: "ellipse",
      ...center,
      widthDeg: 1,
      heightDeg: 2,
      angleDeg: 30,
    }],
    ["box(83.633d,-22.014deg,0.5,1)", {
      kind: "rectangle",
      ...center,
      widthDeg: 0.5,
      heightDeg: 1,
      angleDeg: 0,
    }],
    ["polygon(0,0,1,0,1,1)", {
      kind: "polygon",
      frame: "icrs",
      vertices: [{ lonDeg: 0, latDeg: 0 }, { lonDeg: 1, latDeg: 0 }, { lonDeg: 1, latDeg: 1 }],
    }],
    ["point(83.633,-22.014) # point=cross", { kind: "point", ...center }],
  ];
  for (const [text, region] of shapes) {
    assert.deepEqual(parseRegions(`icrs;${text}`), region, text);
  }
});

Deno.test("parseRegions() reads sexagesimal positions, hours for right ascension only", () => {
  const read = (text: string): { lonDeg: number; latDeg: number } => {
    const region = parseRegions(text);
    assert.ok(region.kind === "circle");
    return region;
  };
  const crab = 15 * (5 + 34 / 60 + 31.9 / 3600), dec = 22 + 52 / 3600;
  for (const pair of ["05:34:31.9 22:00:52", "5h34m31.9s,+22d0m52s"]) {
    const { lonDeg, latDeg } = read(`fk5;circle(${pair},0.5)`);
    assert.ok(Math.abs(lonDeg - crab) < 1e-12 && Math.abs(latDeg - dec) < 1e-12);
  }
  const { lonDeg, latDeg } = read("galactic;circle(05:30:00,-00:30:00,1)");
  assert.deepEqual([lonDeg, latDeg], [5.5, -0.5]);
});

Deno.test("parseRegions() reads a file as DS9 writes it", () => {
  const text = `# Region file format: DS9 version 4.1
global color=green dashlist=8 3 width=1; font="helvetica 10 normal"
fk5
circle(83.633,22.014,1800.0") # text={Crab; the nebula} color=red
+box(80,20,1,2,10)\r
-circle(83.633,22.014,0.1d)

galactic; ellipse(184.5,-5.8,0.2,0.4,45) ||
circle(184,-6,1)
`;
  const region = parseRegions(text);
  assert.ok(region.kind === "compound");
  assert.deepEqual(region.include.map((one) => one.kind), [
    "circle",
    "rectangle",
    "ellipse",
    "circle",
  ]);
  assert.deepEqual(
    region.include.map((one) => one.kind === "compound" ? "" : one.frame),
    ["icrs", "icrs", "galactic", "galactic"],
  );
  assert.deepEqual(region.exclude, [
    { kind: "circle", frame: "icrs", lonDeg: 83.633, latDeg: 22.014, radiusDeg: 0.1 },
  ]);
});

Deno.test("parseRegions() says line, column, what it found and what it expected", () => {
  const wrong: readonly [string, RegExp][] = [
    ["", /at least one included shape/],
    ["icrs\n-circle(1,2,3)", /found 1 excluded shapes/],
    ["circle(1,2,3)", /^line 1, column 1: found "circle", expected a frame first/],
    ["icrs;circel(1,2,3)", /^line 1, column 6: found "circel", .*did you mean "circle"\?/],
    ["icrss\ncircle(1,2,3)", /^line 1, column 1: found "icrss", .*did you mean "icrs"\?/],
    ["icrs\n  circle(1,2)", /^line 2, column 3: .*circle\(lon,lat,radius\), not 2 arguments/],
    ["icrs;circle(1,x2,3)", /^line 1, column 15: found "x2", expected a coordinate/],
    ["icrs;circle(1,2,3p)", /^line 1, column 17: found "3p", expected a size/],
    ["icrs;circle(1,2,3", /^line 1, column 18: found the end of the command, expected "\)"/],
    ["icrs;circle(1,2,3) circle(3,4,5)", /^line 1, column 20: .*expected the end of the command/],
    ["icrs;circle(1:2:3,2,3)\nbox(1:61:00,2,1,1)", /^line 2, column 5: .*below 60/],
    ["icrs;polygon(1,2,3,4,5,6,7)", /not 7 arguments/],
    ["galactic;circle(1h2m3s,2,3)", /hours are for right ascensions/],
    ["icrs;constructor(1,2,3)", /found "constructor"/],
    ["icrs;(1,2,3)", /^line 1, column 6: found "\(1,2,3\)", expected a frame or a shape/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => parseRegions(text), { name: "SyntaxError", message });
  }
  assert.throws(() => parseRegions("icrs;\n circle(1,2,-3)"), {
    name: "RangeError",
    message: /^line 2, column 2: circle radiusDeg: found -3/,
  });
});

Deno.test("parseRegions() of formatRegions() is the region, number for number", () => {
  fc.assert(fc.property(anyRegion, (region) => {
    const again = parseRegions(formatRegions(region));
    // -0 is written as 0
    assert.deepEqual(JSON.stringify(again), JSON.stringify(region));
  }));
});

Deno.test("formatRegions() writes unions within unions as their parts, and refuses what has no text", () => {
  const circle = createRegion({
    kind: "circle",
    frame: "galactic",
    lonDeg: 1,
    latDeg: 2,
    radiusDeg: 3,
  });
  const union = createRegion({ kind: "compound", include: [circle, circle], exclude: [] });
  const nested = createRegion({ kind: "compound", include: [union], exclude: [union] });
  assert.equal(
    formatRegions(nested),
    "galactic\ncircle(1,2,3)\ncircle(1,2,3)\n-circle(1,2,3)\n-circle(1,2,3)\n",
  );
  const hollow = createRegion({ kind: "compound", include: [circle], exclude: [circle] });
  assert.throws(
    () => formatRegions(createRegion({ kind: "compound", include: [hollow, circle], exclude: [] })),
    { name: "RangeError", message: /one level/ },
  );
});

Deno.test("parseRegions() of anything throws SyntaxError or RangeError, or gives a region", () => {
  const pieces = fc.constantFrom(
    "icrs",
    "galactic",
    "fk5",
    "global",
    "circle",
    "box",
    "polygon",
    "annulus",
    "ellipse",
    "point",
    "(",
    ")",
    ",",
    ";",
    "\n",
    "#",
    "-",
    "+",
    "||",
    " ",
    "1",
    "-2.5",
    "1e400",
    "05:34:31.9",
    "90d",
    `3"`,
    "4'",
    "1h2m3s",
    "NaN",
    "__proto__",
    "\u00e9",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((list) => list.join("")),
    fc.array(pieces, { maxLength: 12 }).map((list) => "icrs;circle(" + list.join("")),
  );
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      try {
        assert.ok(parseRegions(text).kind.length > 0);
        read++;
      } catch (error) {
        assert.ok(error instanceof SyntaxError || error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 5000, examples: [["icrs;circle(1,2,3)"]] },
  );
  assert.ok(read > 0);
});
