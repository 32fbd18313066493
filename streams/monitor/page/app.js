// The page of a monitor: takes views as they come, keeps the history, draws.
import { phaseChart, timeChart } from "/charts.js";
import { drawSky } from "/sky.js";

const MOST_BINS = 20000, MOST_ALERTS = 500;
const $ = (id) => document.getElementById(id);
const make = (tag, text = "", className = "") => {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className !== "") node.className = className;
  return node;
};
const number = (value, digits = 3) => {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e5 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(digits)));
};

let view, charts, phases, spanS = 0, drawn = 0;

/** Lays the histories of an update over those there are. */
function merged(before, update) {
  const curve = spliced(before.curve, update.curve);
  const detectors = update.detectors.map((one) => {
    const old = before.detectors.find(({ name }) => name === one.name);
    if (old === undefined || one.bins.length === 0) {
      return { ...one, bins: old?.bins ?? [], significance: old?.significance ?? [] };
    }
    const kept = old.bins.findIndex((bin) => bin >= one.bins[0]);
    const end = kept < 0 ? old.bins.length : kept;
    return {
      ...one,
      bins: [...old.bins.slice(0, end), ...one.bins].slice(-MOST_BINS),
      significance: [...old.significance.slice(0, end), ...one.significance].slice(-MOST_BINS),
    };
  });
  return {
    ...update,
    curve,
    detectors,
    alerts: [...before.alerts, ...update.alerts].slice(-MOST_ALERTS),
  };
}

function spliced(old, one) {
  if (one.bins.length === 0) return { ...one, ...old, widthS: one.widthS };
  const kept = old.bins.findIndex((bin) => bin >= one.bins[0]);
  const end = kept < 0 ? old.bins.length : kept;
  const joined = (a, b) => [...a.slice(0, end), ...b].slice(-MOST_BINS);
  return {
    ...one,
    bins: joined(old.bins, one.bins),
    livetimeS: joined(old.livetimeS, one.livetimeS),
    counts: one.counts.map((counts, band) => joined(old.counts[band], counts)),
  };
}

const timeOf = (bin) => view.epochUnixMs / 1000 + view.curve.originS + bin * view.curve.widthS;

/** From onset to the end of the window of each transient, by its last message. */
function spans() {
  const last = new Map();
  for (const { alert } of view.alerts) last.set(alert.id, alert);
  return [...last.values()].map(({ onset, durationS, phase }) => {
    // Onsets count from the epoch of the alert, which may be another than that of the stream.
    const days = onset.epoch.mjdDay - view.epoch.mjdDay;
    const shift = days * 86400 + onset.epoch.dayS - view.epoch.dayS;
    const from = view.epochUnixMs / 1000 + shift + onset.timeS;
    return [from, from + durationS, phase === "retraction"];
  });
}

/** Bins as steps, with gaps where nothing was measured, or held until the next. */
function columns(bins, rows, isHeld) {
  const x = [], ys = rows.map(() => []);
  const add = (t, values) => {
    x.push(t);
    ys.forEach((y, k) => y.push(values[k]));
  };
  bins.forEach((bin, i) => {
    const values = rows.map((row) => row(i)), isLast = i + 1 === bins.length;
    add(timeOf(bin), values);
    if (!isLast && (isHeld || bins[i + 1] === bin + 1)) return;
    add(timeOf(bin + 1), values);
    if (!isLast) add(timeOf(bin + 1) + 1e-3, rows.map(() => null));
  });
  return [x, ...ys];
}

function buildCharts() {
  $("curves").replaceChildren();
  $("significance").replaceChildren();
  const into = (parent) => parent.appendChild(make("div"));
  const nBands = view.bands.length;
  charts = {
    bands: view.bands.map(({ name, energyTeV }) =>
      timeChart(into($("curves")), {
        title: energyTeV === null ? name : `${name}: ${energyTeV[0]} to ${energyTeV[1]} TeV`,
        series: ["rate"],
        height: nBands > 2 ? 130 : 170,
        spansOf: spans,
      })
    ),
    significance: timeChart(into($("significance")), {
      series: view.detectors.map(({ name }) => name),
      height: 170,
      spansOf: spans,
      level: () => Math.max(...view.detectors.map((one) => one.thresholdSigma ?? -Infinity)),
    }),
    key: keyOf(view),
  };
}

const keyOf = (one) => JSON.stringify([one.bands, one.detectors.map(({ name }) => name)]);

function zoom(chart, x) {
  if (x.length === 0) return;
  const max = x.at(-1), min = spanS > 0 ? Math.max(x[0], max - spanS) : x[0];
  chart.setScale("x", { min, max: max > min ? max : min + 1 });
}

function drawCharts() {
  if (charts === undefined || charts.key !== keyOf(view)) buildCharts();
  const { bins, livetimeS, counts, widthS } = view.curve;
  // The last bin is not over: it would look like a drop.
  const isEnded = view.phase !== "running", n = isEnded ? bins.length : bins.length - 1;
  const whole = bins.slice(0, Math.max(0, n));
  view.bands.forEach((_, band) => {
    const data = columns(whole, [(i) => {
      const seconds = livetimeS[i] > 0 ? livetimeS[i] : widthS;
      return livetimeS[i] > 0 || counts[band][i] > 0 ? counts[band][i] / seconds : null;
    }], false);
    charts.bands[band].setData(data, false);
    zoom(charts.bands[band], data[0]);
  });
  const all = [...new Set(view.detectors.flatMap((one) => one.bins))].sort((a, b) => a - b);
  const at = view.detectors.map((one) =>
    new Map(one.bins.map((bin, i) => [bin, one.significance[i]]))
  );
  const data = columns(all, at.map((values) => (i) => values.get(all[i]) ?? null), true);
  charts.significance.setData(data, false);
  zoom(charts.significance, data[0]);
  const { phasogram } = view;
  $("phases").hidden = phasogram === null;
  if (phasogram !== null) {
    phases ??= phaseChart($("phasogram"));
    const twice = [0, 1].flatMap((cycle) => phasogram.edges.slice(0, -1).map((x) => x + cycle));
    phases.setData([[...twice, 2], [
      ...phasogram.counts,
      ...phasogram.counts,
      phasogram.counts.at(-1),
    ]]);
  }
}

function tile(label, text, isBad = false) {
  const node = make("div", "", isBad ? "tile bad" : "tile");
  node.append(make("b", text), make("span", label));
  return node;
}

function drawTiles() {
  const { health, detectors } = view,
    best = Math.max(0, ...detectors.map((one) => one.now[0]?.significance ?? 0));
  const expected = detectors.reduce((sum, one) => sum + one.expectedFalseAlarms, 0);
  const ids = new Set(view.alerts.map(({ alert }) => alert.id));
  const isLive = health.lagS !== null && Math.abs(health.lagS) < 86400;
  $("tiles").replaceChildren(
    tile("events a second", number(health.rowsPerS)),
    tile("events used", number(health.account.used)),
    tile(
      isLive ? "behind the clock, s" : "event time, s",
      number(isLive ? health.lagS : health.watermarkS, 6),
    ),
    tile("most significant now, σ", best.toFixed(2)),
    tile("transients", number(ids.size), ids.size > 0),
    tile("false alarms expected", number(expected)),
    tile("late events", number(health.account.late), health.account.late > 0),
    tile("alerts not yet sent", number(health.unsent), health.unsent > 0),
  );
}

function alertNode({ seq, alert }) {
  const node = make("details"), head = make("summary");
  node.dataset.seq = String(seq);
  const shift = (alert.onset.epoch.mjdDay - view.epoch.mjdDay) * 86400 +
    alert.onset.epoch.dayS - view.epoch.dayS;
  const onset = new Date(view.epochUnixMs + (shift + alert.onset.timeS) * 1000).toISOString();
  const place = alert.position === undefined
    ? ""
    : ` (${alert.position.raDeg.toFixed(3)}°, ${alert.position.decDeg.toFixed(3)}° ± ${
      alert.position.errorDeg.toFixed(3)
    }°)`;
  head.append(
    make("span", alert.phase, `kind ${alert.phase}`),
    make("span", onset.slice(0, 19).replace("T", " ")),
    make("span", `${alert.channel}${place}`),
    make("span", `${alert.significance.toFixed(1)} σ`),
    make("span", alert.farHz === undefined ? "" : `${number(alert.farHz * 365.25 * 86400)}/year`),
  );
  node.append(head, make("pre", JSON.stringify(alert, null, 1)));
  return node;
}

function drawAlerts() {
  const list = $("alerts"), shown = new Set([...list.children].map((node) => node.dataset.seq));
  if (view.alerts.length > 0 && shown.has("none")) list.replaceChildren();
  for (const one of view.alerts) if (!shown.has(String(one.seq))) list.prepend(alertNode(one));
  while (list.children.length > MOST_ALERTS) list.lastChild.remove();
  if (list.children.length === 0) {
    const none = make("p", "No alert yet.", "note");
    none.dataset.seq = "none";
    list.append(none);
  }
  $("nalerts").textContent = `${view.health.nMessages} messages`;
}

function table(header, rows) {
  const node = make("table"),
    line = (cells, tag) => {
      const row = make("tr");
      row.append(...cells.map((cell) => make(tag, cell)));
      return row;
    };
  node.append(line(header, "th"), ...rows.map((row) => line(row, "td")));
  return node;
}

function drawDetectors() {
  $("detectors").replaceChildren(
    table(
      ["detector", "threshold, σ", "asked, /year", "expected", "live, s"],
      view.detectors.map((one) => [
        one.name,
        number(one.thresholdSigma),
        number(one.farHz * 365.25 * 86400),
        number(one.expectedFalseAlarms),
        number(one.livetimeS, 5),
      ]),
    ),
    ...view.detectors.flatMap((one) =>
      one.steady.slice(0, 8).map((source) =>
        make("p", `steady: ${source.label}, ${source.significance.toFixed(1)} σ`, "note")
      )
    ),
  );
}

function drawHealth() {
  const { health } = view, { latency } = health;
  const quantiles = ({ p50Ms, p99Ms }) => `${number(p50Ms)} / ${number(p99Ms)} ms`;
  const rows = [
    ["streams", view.sources.join(", ")],
    ["rows read", number(health.account.read)],
    ["used", number(health.account.used)],
    ["late", number(health.account.late)],
    ...Object.entries(health.account.rejected).map(([why, n]) => [`rejected ${why}`, number(n)]),
    [
      "idle streams",
      health.idle.length === 0 ? "none" : health.idle.map((k) => view.sources[k] ?? k).join(", "),
    ],
    ["decision, p50 / p99", quantiles(latency.decision)],
    ["delivery, p50 / p99", quantiles(latency.delivery)],
    ["checkpoint, p50 / p99", quantiles(latency.checkpoint)],
    ["checkpoints", number(health.nCheckpoints)],
  ];
  $("health").replaceChildren(
    ...rows.flatMap(([name, text]) => [make("dt", name), make("dd", text)]),
  );
}

function draw() {
  drawn = 0;
  document.title = `${view.alerts.length > 0 ? "● " : ""}${view.title}`;
  $("title").textContent = view.title;
  const { watermarkS } = view.health;
  $("clock").textContent = watermarkS === null
    ? ""
    : new Date(view.epochUnixMs + watermarkS * 1000).toISOString().replace("T", " ").slice(0, 21) +
      " UTC";
  drawTiles();
  drawCharts();
  const cells = view.detectors.flatMap((one) => one.now).sort((a, b) =>
    b.significance - a.significance
  );
  const steady = view.detectors.flatMap((one) => one.steady).filter((one) =>
    Number.isFinite(one.raDeg)
  );
  const last = new Map(view.alerts.map((one) => [one.alert.id, one]));
  $("skynote").textContent = drawSky($("sky"), {
    cells,
    steady,
    alerts: [...last.values()],
    threshold: Math.max(0, ...view.detectors.map((one) => one.thresholdSigma ?? 0)),
  });
  drawAlerts();
  drawDetectors();
  drawHealth();
  document.body.dataset.updates = String(Number(document.body.dataset.updates ?? 0) + 1);
}

function show(badge) {
  $("phase").textContent = badge;
  $("phase").className = `badge ${badge === "connection lost" ? "lost" : badge}`;
}

function take(kind, text) {
  const update = JSON.parse(text);
  if (kind === "state") {
    $("alerts").replaceChildren();
    view = update;
  } else if (view !== undefined) view = merged(view, update);
  show(view.phase);
  drawn ||= requestAnimationFrame(draw);
}

for (const button of document.querySelectorAll("button[data-span]")) {
  button.addEventListener("click", () => {
    spanS = Number(button.dataset.span);
    for (const one of document.querySelectorAll("button[data-span]")) {
      one.classList.toggle("on", one === button);
    }
    if (view !== undefined) drawCharts();
  });
}

const events = new EventSource("/events");
events.addEventListener("state", ({ data }) => take("state", data));
events.addEventListener("update", ({ data }) => take("update", data));
events.addEventListener("error", () => {
  show("connection lost");
  // A refusal ends an EventSource for good: look again later.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
});
