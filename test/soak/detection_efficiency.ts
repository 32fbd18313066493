/**
 * How many bursts are found by Poisson-FOCuS and by a fixed grid of windows, at the same rate of false
 * alarms and over the same running background, by duration and counts of the burst.
 * Usage: deno run -A test/soak/detection_efficiency.ts [stretches of noise=4000] [bursts each=300] [picture.svg]
 */
import { figure, okabeIto } from "../../src/plot/mod.ts";
import { createRng, type Rng } from "../../src/numeric/mod.ts";
import { runningAverageRate } from "../../src/stats/mod.ts";
import { createFocusBank, windowGrid } from "../../streams/accumulators/mod.ts";

const PANE_S = 0.016, PANES = 4096, WINDOW = 1064, GUARD = 256, PER_S = 50;
/** Chance of a false alarm in a stretch, and the factor of a window over the background. */
const CHANCE = 0.01, MU_MIN = 1.25;

/** Counts of a stretch: noise, and a burst of so many counts somewhere behind the first background. */
function stretch(rng: Rng, durationS: number, burst: number): Float64Array {
  const counts = new Float64Array(PANES);
  rng.fillPoisson(counts, PER_S * PANE_S);
  const first = (WINDOW + GUARD) * PANE_S + 2;
  const start = first + (PANES * PANE_S - first - durationS) * rng.uniform();
  for (let n = rng.poisson(burst); n > 0; n--) {
    const pane = Math.floor((start + durationS * rng.uniform()) / PANE_S);
    counts[pane] = counts[pane]! + 1;
  }
  return counts;
}

/** Greatest significances of both. */
function best(counts: Float64Array): readonly [number, number] {
  const background = runningAverageRate({ windowBins: WINDOW, guardBins: GUARD });
  const bank = createFocusBank({ muMin: MU_MIN });
  const grid = windowGrid({ statistic: "cash" }), state = grid.create();
  let b = 0, most = 0, isWarm = false;
  bank.step(0, 0, 0, 0);
  for (let index = 0; index < PANES; index++) {
    const n = counts[index]!, rate = background.rateAt(1);
    if (isWarm) most = Math.max(most, bank.step(0, b += rate * PANE_S, index, n));
    background.update(n, PANE_S);
    isWarm = index + 1 >= WINDOW + GUARD;
    grid.add(state, { index, counts: n, liveS: PANE_S });
  }
  return [Math.sqrt(2 * most), grid.result(state).best.significance];
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((x, y) => x - y)[Math.floor(part * values.length)]!;
}

/** Efficiencies of FOCuS and grid, by duration and counts; thresholds from noise. */
export function detectionEfficiency(noise: number, bursts: number): {
  readonly thresholds: readonly [number, number];
  readonly rows: readonly {
    readonly durationS: number;
    readonly sigma: number;
    readonly focus: number;
    readonly grid: number;
  }[];
} {
  const rng = createRng("detection efficiency");
  const quiet = Array.from({ length: noise }, () => best(stretch(rng, 1, 0)));
  const thresholds = [0, 1].map((k) => quantile(quiet.map((one) => one[k]!), 1 - CHANCE)) as [
    number,
    number,
  ];
  const rows = [0.01, 0.05, 0.3, 0.7, 1.5, 3, 6, 12].flatMap((durationS) =>
    [5, 6, 7].map((sigma) => {
      // Counts that make a window of just the burst so significant.
      const b = PER_S * durationS;
      let n = 0;
      while (2 * ((n + b) * Math.log((n + b) / b) - n) < sigma * sigma) n += 0.1;
      let focus = 0, grid = 0;
      for (let i = 0; i < bursts; i++) {
        const [f, g] = best(stretch(rng, durationS, n));
        focus += +(f > thresholds[0]) / bursts;
        grid += +(g > thresholds[1]) / bursts;
      }
      return { durationS, sigma, focus, grid };
    })
  );
  return { thresholds, rows };
}

/** Efficiency against duration, a colour for each significance. */
function picture({ rows }: ReturnType<typeof detectionEfficiency>): string {
  const marks = [5, 6, 7].flatMap((sigma, k) => {
    const own = rows.filter((row) => row.sigma === sigma), color = okabeIto[k]!;
    const x = own.map((row) => row.durationS);
    return [
      {
        kind: "line" as const,
        x,
        y: own.map((row) => row.focus),
        color,
        label: `FOCuS, ${sigma} sigma`,
      },
      {
        kind: "line" as const,
        x,
        y: own.map((row) => row.grid),
        color,
        dash: [4, 3],
        label: `grid, ${sigma} sigma`,
      },
    ];
  });
  const panel = {
    title: "Bursts of 5, 6 and 7 sigma at the same rate of false alarms",
    x: {
      label: "Duration of the burst",
      unit: "s",
      scale: "log" as const,
      range: [0.008, 120] as const,
    },
    y: { label: "Part that is found", range: [0, 1.05] as const },
    marks,
  };
  return figure({ width: 720, height: 400, panels: [panel] });
}

if (import.meta.main) {
  const noise = Number(Deno.args[0] ?? 4000), bursts = Number(Deno.args[1] ?? 300);
  const found = detectionEfficiency(noise, bursts), { thresholds, rows } = found;
  if (Deno.args[2] !== undefined) await Deno.writeTextFile(Deno.args[2], picture(found));
  console.log(
    `Thresholds with ${100 * CHANCE} % false alarms in ${
      (PANES * PANE_S).toFixed(0)
    } s at ${PER_S}/s: ` +
      `FOCuS ${thresholds[0].toFixed(2)} σ, grid ${thresholds[1].toFixed(2)} σ`,
  );
  console.log("duration s  burst σ  FOCuS  grid");
  for (const { durationS, sigma, focus, grid } of rows) {
    console.log(
      `${durationS.toString().padStart(10)}  ${sigma.toString().padStart(7)}  ${
        focus.toFixed(3)
      }  ${grid.toFixed(3)}`,
    );
  }
  const sum = (name: "focus" | "grid") => rows.reduce((s, row) => s + row[name], 0) / rows.length;
  console.log(`mean: FOCuS ${sum("focus").toFixed(3)}, grid ${sum("grid").toFixed(3)}`);
}
