// Charts against time and phase, drawn by uPlot.
import uPlot from "/uplot.js";

const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9"];
const SEARCHED = "rgba(200, 16, 46, 0.16)";

/** Spans of alerts behind the curves. */
function spansPlugin(spansOf) {
  return {
    hooks: {
      drawClear: (chart) => {
        const { ctx, bbox } = chart;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        for (const [from, to, isRetracted] of spansOf()) {
          const left = chart.valToPos(from, "x", true), right = chart.valToPos(to, "x", true);
          ctx.fillStyle = isRetracted ? "rgba(90, 90, 90, 0.12)" : SEARCHED;
          ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
          ctx.fillStyle = isRetracted ? "#777" : "#c8102e";
          ctx.fillRect(left, bbox.top, 1.5, bbox.height);
        }
        ctx.restore();
      },
    },
  };
}

const utc = (chart, splits) =>
  splits.map((t) => {
    const text = new Date(t * 1000).toISOString();
    const span = chart.scales.x.max - chart.scales.x.min;
    return span > 2 * 86400 ? text.slice(5, 10) : text.slice(11, span < 5 ? 23 : 19);
  });

/** Round pieces of time, s. */
const TIMES = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200],
  ...[86400, 2 * 86400, 5 * 86400, 10 * 86400, 30 * 86400, 100 * 86400],
];

const value = (_, v) => v == null ? "–" : v.toPrecision(4);

/** A chart of one or several curves against time. */
export function timeChart(into, { title, series, height, spansOf, fromZero = true, level }) {
  const options = {
    title,
    width: into.clientWidth || 600,
    height,
    cursor: { sync: { key: "time" }, drag: { x: true, y: false } },
    legend: { show: series.length > 1 },
    plugins: [spansPlugin(spansOf)],
    scales: {
      x: { time: false },
      y: {
        range: (_, min, max) => {
          const high = Math.max(max ?? 1, level?.() ?? -Infinity);
          const low = fromZero ? 0 : Math.min(0, min ?? 0);
          return [low, high > low ? low + (high - low) * 1.08 : low + 1];
        },
      },
    },
    axes: [
      {
        values: utc,
        incrs: TIMES,
        font: "11px system-ui",
        space: 80,
        grid: { stroke: "#eef1f3" },
      },
      { font: "11px system-ui", size: 48, grid: { stroke: "#eef1f3" } },
    ],
    series: [
      { label: "UTC", value: (_, t) => t == null ? "–" : new Date(t * 1000).toISOString() },
      ...series.map((label, i) => ({
        label,
        value,
        stroke: COLORS[i % COLORS.length],
        width: 1.4,
        points: { show: false },
        spanGaps: false,
        paths: uPlot.paths.stepped({ align: 1 }),
      })),
    ],
    hooks: level === undefined ? {} : {
      draw: [(chart) => {
        const at = level();
        if (at == null) return;
        const { ctx, bbox } = chart, y = chart.valToPos(at, "y", true);
        ctx.save();
        ctx.strokeStyle = "#c8102e";
        ctx.setLineDash([6, 4]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        ctx.restore();
      }],
    },
  };
  return fitted(new uPlot(options, [[], ...series.map(() => [])], into), into, height);
}

/** A phasogram over two cycles. */
export function phaseChart(into) {
  const chart = new uPlot(
    {
      width: into.clientWidth || 400,
      height: 180,
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, (max || 1) * 1.08] } },
      axes: [{ font: "11px system-ui", label: "phase", labelFont: "11px system-ui" }, {
        font: "11px system-ui",
        size: 62,
      }],
      series: [{}, {
        stroke: COLORS[0],
        fill: "rgba(0, 114, 178, 0.15)",
        points: { show: false },
        paths: uPlot.paths.stepped({ align: 1 }),
      }],
    },
    [[], []],
    into,
  );
  return fitted(chart, into, 180);
}

function fitted(chart, into, height) {
  new ResizeObserver(() => {
    if (into.clientWidth > 0) chart.setSize({ width: into.clientWidth, height });
  }).observe(into);
  return chart;
}
