import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createWcs,
  pixelToWorld,
  pixelToWorldInto,
  PROJECTION_CODES,
  type ProjectionCode,
  separationDeg,
  type Wcs,
  wcsFromHeader,
  worldToPixel,
  worldToPixelInto,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";
import { goldenSky } from "./_golden_io.ts";

const DEG = Math.PI / 180;

function plane(
  projection: ProjectionCode,
  more: Partial<Parameters<typeof createWcs>[0]> = {},
): Wcs {
  return createWcs({ projection, crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [1, 1], ...more });
}

/** Size of a pixel, deg. */
function pixelDeg(wcs: Wcs): number {
  const [[a, b], [c, d]] = wcs.pc;
  return Math.sqrt(Math.abs((a * d - b * c) * wcs.cdeltDeg[0] * wcs.cdeltDeg[1]));
}

const columns = (list: readonly (number | null)[]): Float64Array =>
  Float64Array.from(list, (one) => one ?? NaN);

Deno.test("the golden table holds 12 projections with at least 3 poles and 50 points each way", () => {
  const { cases } = goldenSky();
  for (const code of PROJECTION_CODES) {
    const own = cases.filter((one) => String(one.header.CTYPE1).endsWith(code));
    assert.ok(own.length >= 3, `${code}: ${own.length} cases`);
    assert.ok(own.every((one) => one.forward.lon.length >= 50 && one.inverse.x.length >= 50));
  }
});

for (const { header, forward, inverse } of goldenSky().cases) {
  const shown = Object.entries(header).filter(([k]) =>
    /^(CTYPE1|CRVAL|LON|LAT|PV|PC|CD\d|CROTA)/.test(k)
  )
    .map(([k, v]) => `${k}=${v}`).join(" ");
  Deno.test(`worldToPixelInto() and pixelToWorldInto() agree with wcslib: ${shown}`, () => {
    const wcs = wcsFromHeader(header), { deg } = goldenSky().tolerance, step = pixelDeg(wcs);
    const n = forward.lon.length, x = new Float64Array(n), y = new Float64Array(n);
    worldToPixelInto(wcs, { lonDeg: columns(forward.lon), latDeg: columns(forward.lat) }, { x, y });
    const ex = columns(forward.x), ey = columns(forward.y);
    for (let i = 0; i < n; i++) {
      const where = `point ${i}: found ${x[i]}, ${y[i]}, expected ${ex[i]}, ${ey[i]}`;
      assert.equal(Number.isNaN(x[i]), Number.isNaN(ex[i]), where);
      // twelve digits are stored: what is far out in the plane has fewer behind the point
      const limit = deg + 1e-12 * step * Math.hypot(ex[i]!, ey[i]!);
      if (!Number.isNaN(ex[i])) {
        assert.ok(Math.hypot(x[i]! - ex[i]!, y[i]! - ey[i]!) * step <= limit, where);
      }
    }
    const lonDeg = new Float64Array(n), latDeg = new Float64Array(n);
    pixelToWorldInto(wcs, { x: columns(inverse.x), y: columns(inverse.y) }, { lonDeg, latDeg });
    const lon = columns(inverse.lon), lat = columns(inverse.lat);
    for (let i = 0; i < n; i++) {
      const where = `pixel ${i}: found ${lonDeg[i]}, ${latDeg[i]}, expected ${lon[i]}, ${lat[i]}`;
      assert.equal(Number.isNaN(lonDeg[i]), Number.isNaN(lon[i]), where);
      if (Number.isNaN(lon[i])) continue;
      const found = { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! };
      assert.ok(separationDeg(found, { lonDeg: lon[i]!, latDeg: lat[i]! }) <= deg, where);
      assert.ok(found.lonDeg >= 0 && found.lonDeg < 360);
    }
  });
}

Deno.test("worldToPixel() has the closed forms of the projections along their axes", () => {
  const t = 40, r = t * DEG, east = { lonDeg: t, latDeg: 0 }, north = { lonDeg: 0, latDeg: t };
  const forms: readonly [ProjectionCode, number, number][] = [
    ["TAN", Math.tan(r) / DEG, Math.tan(r) / DEG],
    ["SIN", Math.sin(r) / DEG, Math.sin(r) / DEG],
    ["ZEA", 2 * Math.sin(r / 2) / DEG, 2 * Math.sin(r / 2) / DEG],
    ["ARC", t, t],
    ["STG", 2 * Math.tan(r / 2) / DEG, 2 * Math.tan(r / 2) / DEG],
    ["CAR", t, t],
    ["CEA", t, Math.sin(r) / DEG],
    ["MER", t, Math.log(Math.tan(Math.PI / 4 + r / 2)) / DEG],
    ["SFL", t, t],
    ["GLS", t, t],
    [
      "AIT",
      4 * Math.sin(r / 2) / Math.sqrt(1 + Math.cos(r / 2)) / Math.SQRT2 / DEG,
      2 * Math.sin(r / 2) / DEG,
    ],
    ["MOL", 2 * Math.SQRT2 / Math.PI * t, NaN],
  ];
  for (const [code, x, y] of forms) {
    assert.ok(Math.abs(worldToPixel(plane(code), east).x - x) < 1e-12, code);
    if (!Number.isNaN(y)) assert.ok(Math.abs(worldToPixel(plane(code), north).y - y) < 1e-12, code);
  }
});

Deno.test("worldToPixel() solves Mollweide's equation at every latitude, poles included", () => {
  const wcs = plane("MOL");
  for (const latDeg of [-90, -89.9999, -60, -1e-9, 0, 1e-7, 30, 85, 89.99, 90 - 1e-9, 90]) {
    const { x, y } = worldToPixel(wcs, { lonDeg: 90, latDeg });
    const gamma = Math.asin(y * DEG / Math.SQRT2);
    const residual = 2 * gamma + Math.sin(2 * gamma) - Math.PI * Math.sin(latDeg * DEG);
    assert.ok(Math.abs(residual) < 4e-15, `${latDeg}: ${residual}`);
    // on the ellipse x²/8 + y²/2 = cos²γ/4 + sin²γ at φ = 90°
    assert.ok(Math.abs((x * DEG) ** 2 * 4 / 8 + (y * DEG) ** 2 / 2 - 1) < 1e-12, `${latDeg}`);
  }
});

Deno.test("worldToPixel() is NaN outside a projection", () => {
  for (const code of ["TAN", "SIN"] as const) {
    assert.ok(Number.isNaN(worldToPixel(plane(code), { lonDeg: 91, latDeg: 0 }).x), code);
    assert.ok(Number.isNaN(worldToPixel(plane(code), { lonDeg: 180, latDeg: 0 }).y), code);
  }
  assert.ok(Number.isNaN(worldToPixel(plane("MER"), { lonDeg: 0, latDeg: 90 }).y));
  assert.ok(Number.isNaN(worldToPixel(plane("STG"), { lonDeg: 180, latDeg: 0 }).x));
  for (const code of PROJECTION_CODES) {
    const { x, y } = worldToPixel(plane(code), { lonDeg: NaN, latDeg: 0 });
    assert.ok(Number.isNaN(x), code);
    const other = worldToPixel(plane(code), { lonDeg: 0, latDeg: NaN });
    assert.ok(Number.isNaN(other.y) || Number.isNaN(other.x), `${code} ${y}`);
  }
});

Deno.test("pixelToWorld() is NaN outside a projection", () => {
  const outside: Readonly<Partial<Record<ProjectionCode, readonly [number, number]>>> = {
    SIN: [58, 0],
    ZEA: [115, 0],
    ARC: [181, 0],
    CAR: [181, 0],
    AIT: [160, 40],
    MOL: [150, 40],
    CEA: [0, 58],
    MER: [-181, 0],
    SFL: [100, 60],
    GLS: [0, 91],
  };
  for (const [code, [x, y]] of Object.entries(outside)) {
    const { lonDeg, latDeg } = pixelToWorld(plane(code as ProjectionCode), { x, y });
    assert.ok(Number.isNaN(lonDeg) && Number.isNaN(latDeg), `${code}: ${lonDeg}, ${latDeg}`);
  }
});

Deno.test("pixelToWorld() of worldToPixel() is the position, in every projection and pole", () => {
  const codes = fc.constantFrom(...PROJECTION_CODES.filter((one) => one !== "GLS"));
  const centers = fc.record({ lonDeg: between(0, 360), latDeg: between(-60, 60) });
  fc.assert(
    fc.property(codes, centers, anyPosition, between(-180, 180), (code, center, position, turn) => {
      const isZenithal = ["TAN", "SIN", "ZEA", "ARC", "STG"].includes(code);
      const wcs = createWcs({
        projection: code,
        crvalDeg: [center.lonDeg, center.latDeg],
        crpix: [10, 20],
        cd: [[-0.1, 0.02], [0.03, 0.2]],
        ...(isZenithal ? { lonpoleDeg: turn } : {}),
      });
      // away from the points where the projection or its inverse is singular
      const native = separationDeg(position, center);
      const edge = { TAN: 89, SIN: 80, ZEA: 179, ARC: 179, STG: 179 } as Record<string, number>;
      fc.pre(native < (edge[code] ?? 360));
      const pole = { lonDeg: wcs.poleDeg[0], latDeg: wcs.poleDeg[1] };
      const polar = separationDeg(position, pole);
      fc.pre(isZenithal || (polar > 0.5 && polar < 179.5));
      const pixel = worldToPixel(wcs, position);
      const back = pixelToWorld(wcs, pixel);
      const apart = separationDeg(position, back);
      assert.ok(apart < 1e-9, `${code}: ${apart}`);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("the columns give the bits of the single positions", () => {
  for (const code of PROJECTION_CODES) {
    const wcs = plane(code, { crvalDeg: [83, code === "GLS" ? 0 : 22] });
    const lonDeg = Float64Array.of(80, 83, 90, 263, NaN),
      latDeg = Float64Array.of(20, 22, -5, -22, 0);
    const x = new Float64Array(5), y = new Float64Array(5);
    worldToPixelInto(wcs, { lonDeg, latDeg }, { x, y });
    for (let i = 0; i < 5; i++) {
      const one = worldToPixel(wcs, { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! });
      assert.ok(Object.is(one.x, x[i]) && Object.is(one.y, y[i]), code);
    }
    const sky = { lonDeg: new Float64Array(5), latDeg: new Float64Array(5) };
    pixelToWorldInto(wcs, { x, y }, sky);
    for (let i = 0; i < 5; i++) {
      const one = pixelToWorld(wcs, { x: x[i]!, y: y[i]! });
      assert.ok(Object.is(one.lonDeg, sky.lonDeg[i]) && Object.is(one.latDeg, sky.latDeg[i]), code);
    }
  }
});

Deno.test("worldToPixelInto() and pixelToWorldInto() throw TypeError for short columns", () => {
  const wcs = plane("TAN"), two = new Float64Array(2), one = new Float64Array(1);
  assert.throws(
    () => worldToPixelInto(wcs, { lonDeg: two, latDeg: two }, { x: two, y: one }),
    TypeError,
  );
  assert.throws(
    () => pixelToWorldInto(wcs, { x: two, y: one }, { lonDeg: two, latDeg: two }),
    TypeError,
  );
});
