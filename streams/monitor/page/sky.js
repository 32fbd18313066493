// Cells of the sky, equal in area, east left: about their middle (zenithal), or all of it (Hammer).
const RAD = Math.PI / 180;

/** Half the width and height of the whole sky, deg. */
const ALL_SKY = { x: 2 * Math.SQRT2 / RAD, y: Math.SQRT2 / RAD };

/** Hammer's picture of the whole sky about RA 180 deg. */
function projectAll(raDeg, decDeg) {
  // Just inside of both edges, so that their lines do not jump to the other side.
  const lon = Math.max(-179.999, Math.min(179.999, raDeg - 180)) * RAD, lat = decDeg * RAD;
  const k = Math.SQRT2 / Math.sqrt(1 + Math.cos(lat) * Math.cos(lon / 2)) / RAD;
  return {
    x: -2 * k * Math.cos(lat) * Math.sin(lon / 2),
    y: k * Math.sin(lat),
    isBehind: false,
  };
}

function project(raDeg, decDeg, centre) {
  if (centre.isAll) return projectAll(raDeg, decDeg);
  const d = (raDeg - centre.raDeg) * RAD,
    sin = Math.sin(decDeg * RAD),
    cos = Math.cos(decDeg * RAD);
  const sin0 = Math.sin(centre.decDeg * RAD), cos0 = Math.cos(centre.decDeg * RAD);
  const cosSeparation = sin0 * sin + cos0 * cos * Math.cos(d);
  const k = Math.sqrt(2 / Math.max(1e-9, 1 + cosSeparation)) / RAD;
  return {
    x: -k * cos * Math.sin(d),
    y: k * (cos0 * sin - sin0 * cos * Math.cos(d)),
    isBehind: cosSeparation < -0.95,
  };
}

/** The middle of positions, and the greatest distance from it, deg. */
function middle(places) {
  let x = 0, y = 0, z = 0;
  for (const { raDeg, decDeg } of places) {
    x += Math.cos(decDeg * RAD) * Math.cos(raDeg * RAD);
    y += Math.cos(decDeg * RAD) * Math.sin(raDeg * RAD);
    z += Math.sin(decDeg * RAD);
  }
  const length = Math.hypot(x, y, z), all = { raDeg: 180, decDeg: 0, isAll: true, radiusDeg: 90 };
  if (length < 0.2 * places.length) return all;
  const centre = {
    raDeg: (Math.atan2(y, x) / RAD + 360) % 360,
    decDeg: Math.asin(z / length) / RAD,
    isAll: false,
  };
  let radiusDeg = 0;
  for (const place of places) {
    const at = project(place.raDeg, place.decDeg, centre);
    radiusDeg = Math.max(radiusDeg, Math.hypot(at.x, at.y));
  }
  return radiusDeg > 80 ? all : { ...centre, radiusDeg };
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const stepFor = (span) => STEPS.find((step) => span / step <= 6) ?? 30;
const digits = (step) => Math.max(0, Math.ceil(-Math.log10(step)));

/** Blue to red through white at half of the scale. */
function colorOf(part) {
  const x = Math.max(0, Math.min(1, part));
  const mix = (a, b, t) => Math.round(a + (b - a) * t);
  const [from, to, t] = x < 0.5
    ? [[226, 234, 240], [255, 200, 87], x * 2]
    : [[255, 200, 87], [200, 16, 46], x * 2 - 1];
  return `rgb(${from.map((a, i) => mix(a, to[i], t)).join(",")})`;
}

/** Draws cells, steady sources and alerts. Gives a sentence about what is shown. */
export function drawSky(canvas, { cells, steady, alerts, threshold }) {
  const ctx = canvas.getContext("2d"), { width, height } = canvas;
  ctx.clearRect(0, 0, width, height);
  const placed = cells.filter((cell) => Number.isFinite(cell.raDeg));
  const marks = alerts.filter(({ alert }) => alert.position !== undefined).map(({ alert }) =>
    alert
  );
  const places = [...placed, ...steady, ...marks.map(({ position }) => position)]
    .filter((place) => Number.isFinite(place.raDeg));
  if (places.length === 0) return "No cell has a place: the whole field is searched as one.";
  const centre = middle(places), span = Math.max(0.3, centre.radiusDeg * 1.15);
  const left = 46, bottom = 34, right = 12, top = 10;
  const plot = { w: width - left - right, h: height - top - bottom };
  const scale = centre.isAll
    ? Math.min(plot.w / ALL_SKY.x, plot.h / ALL_SKY.y) / 2.1
    : Math.min(plot.w, plot.h) / 2 / span;
  const cx = left + plot.w / 2, cy = top + plot.h / 2;
  const pixel = (raDeg, decDeg) => {
    const { x, y, isBehind } = project(raDeg, decDeg, centre);
    return { px: cx + x * scale, py: cy - y * scale, isBehind };
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, plot.w, plot.h);
  ctx.clip();
  const high = Math.max(threshold ?? 5, 1);
  const size = cellSize(placed, scale);
  for (const cell of [...placed].reverse()) {
    const { px, py, isBehind } = pixel(cell.raDeg, cell.decDeg);
    if (isBehind) continue;
    ctx.fillStyle = colorOf(cell.significance / high);
    ctx.beginPath();
    ctx.arc(px, py, size, 0, 7);
    ctx.fill();
  }
  if (centre.isAll) gridOfAll(ctx, pixel);
  else grid(ctx, { centre, span, plot, left, top, pixel });
  ctx.strokeStyle = ctx.fillStyle = "#17803d";
  ctx.lineWidth = 1.5;
  for (const source of steady) cross(ctx, pixel(source.raDeg, source.decDeg), source.label);
  ctx.strokeStyle = ctx.fillStyle = "#c8102e";
  ctx.lineWidth = 2;
  for (const { position, phase } of marks) {
    const { px, py, isBehind } = pixel(position.raDeg, position.decDeg);
    if (isBehind) continue;
    ctx.globalAlpha = phase === "retraction" ? 0.3 : 1;
    ctx.beginPath();
    ctx.arc(px, py, Math.max(6, position.errorDeg * scale), 0, 7);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
  ctx.restore();
  frame(ctx, { left, top, plot });
  const best = placed[0];
  return best === undefined
    ? ""
    : `${placed.length} cells; the most significant: ${best.label} ${best.band}, ${
      best.significance.toFixed(1)
    } σ. ` +
      `Colours reach ${high.toFixed(1)} σ, circles are alerts.`;
}

/** Half the distance of nearest neighbours, at least a dot. */
function cellSize(cells, scale) {
  let nearest = Infinity;
  const some = cells.slice(0, 64);
  for (let i = 0; i < some.length; i++) {
    for (let k = 0; k < i; k++) {
      const cos = Math.cos(some[i].decDeg * RAD);
      const distance = Math.hypot(
        (some[i].raDeg - some[k].raDeg) * cos,
        some[i].decDeg - some[k].decDeg,
      );
      if (distance > 1e-6) nearest = Math.min(nearest, distance);
    }
  }
  return Math.max(4, Math.min(40, nearest === Infinity ? 10 : nearest * scale * 0.52));
}

function cross(ctx, { px, py, isBehind }, label) {
  if (isBehind) return;
  ctx.beginPath();
  ctx.moveTo(px - 6, py);
  ctx.lineTo(px + 6, py);
  ctx.moveTo(px, py - 6);
  ctx.lineTo(px, py + 6);
  ctx.stroke();
  ctx.font = "11px system-ui";
  ctx.textAlign = "left";
  ctx.fillText(label, px + 8, py - 4);
}

function frame(ctx, { left, top, plot }) {
  ctx.strokeStyle = "#5d6b76";
  ctx.lineWidth = 1;
  ctx.strokeRect(left + 0.5, top + 0.5, plot.w - 1, plot.h - 1);
}

/** Draws through points, but not through those behind. */
function line(ctx, points) {
  ctx.beginPath();
  let isDown = false;
  for (const { px, py, isBehind } of points) {
    if (isBehind) isDown = false;
    else if (isDown) ctx.lineTo(px, py);
    else {
      ctx.moveTo(px, py);
      isDown = true;
    }
  }
  ctx.stroke();
}

const along = (from, to, steps = 60) =>
  Array.from({ length: steps + 1 }, (_, i) => from + (to - from) * i / steps);

function penOfGrid(ctx) {
  ctx.strokeStyle = "rgba(20, 33, 43, 0.28)";
  ctx.fillStyle = "#14212b";
  ctx.lineWidth = 0.8;
  ctx.font = "11px system-ui";
}

/** The grid of the whole sky: each 30 deg of declination, 60 deg of right ascension. */
function gridOfAll(ctx, pixel) {
  penOfGrid(ctx);
  for (let ra = 0; ra <= 360; ra += 60) line(ctx, along(-90, 90).map((dec) => pixel(ra, dec)));
  for (let dec = -60; dec <= 60; dec += 30) line(ctx, along(0, 360).map((ra) => pixel(ra, dec)));
  for (let ra = 60; ra < 360; ra += 60) {
    const { px, py } = pixel(ra, 0);
    label(ctx, `${ra}°`, px, py + 4, "center");
  }
  for (let dec = -60; dec <= 60; dec += 30) {
    const { px, py } = pixel(360, dec);
    label(ctx, `${dec > 0 ? "+" : ""}${dec}°`, px + 4, py + 4, "left");
  }
}

/** Lines of equal right ascension and declination, labelled where they meet the middle lines. */
function grid(ctx, { centre, span, plot, left, top, pixel }) {
  const decStep = stepFor(2 * span);
  const cos = Math.max(0.05, Math.cos(centre.decDeg * RAD));
  const raSpan = Math.min(180, span / cos), raStep = stepFor(2 * raSpan);
  penOfGrid(ctx);
  const lowDec = Math.max(-90, centre.decDeg - 1.6 * span);
  const highDec = Math.min(90, centre.decDeg + 1.6 * span);
  const firstRa = Math.ceil((centre.raDeg - raSpan * 1.6) / raStep) * raStep;
  const lastRa = Math.min(centre.raDeg + raSpan * 1.6, firstRa + 360 - raStep);
  for (let ra = firstRa; ra <= lastRa + 1e-9; ra += raStep) {
    line(ctx, along(lowDec, highDec).map((dec) => pixel(ra, dec)));
    const { px, py, isBehind } = pixel(ra, Math.max(-89, centre.decDeg - span * 0.97));
    if (!isBehind && px > left + 14 && px < left + plot.w - 14) {
      const shown = (((ra % 360) + 360) % 360).toFixed(digits(raStep)) + "°";
      label(ctx, shown, px, Math.min(top + plot.h - 6, py), "center");
    }
  }
  for (let k = Math.ceil(lowDec / decStep); k * decStep <= highDec; k++) {
    const dec = k * decStep;
    line(
      ctx,
      along(centre.raDeg - raSpan * 1.6, centre.raDeg + raSpan * 1.6).map((ra) => pixel(ra, dec)),
    );
    const { py } = pixel(centre.raDeg, dec);
    if (py > top + 8 && py < top + plot.h - 18) {
      label(ctx, (dec > 0 ? "+" : "") + dec.toFixed(digits(decStep)) + "°", left + 4, py, "left");
    }
  }
}

function label(ctx, text, x, y, align) {
  ctx.textAlign = align;
  ctx.lineWidth = 3;
  const { strokeStyle } = ctx;
  ctx.strokeStyle = "rgba(255, 255, 255, 0.85)";
  ctx.strokeText(text, x, y);
  ctx.strokeStyle = strokeStyle;
  ctx.lineWidth = 0.8;
  ctx.fillText(text, x, y);
}
