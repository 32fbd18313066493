/** Steps and labels of sky coordinates. */

/** Steps of right ascension in degrees: 6h … 1s. */
const HOUR_STEPS = [
  90,
  45,
  30,
  15,
  7.5,
  5,
  2.5,
  1.25,
  0.5,
  0.25,
  0.125,
  1 / 12,
  1 / 24,
  1 / 48,
  1 / 120,
  1 / 240,
];
/** Steps of declination: 30° … 1″. */
const ARC_STEPS = [
  30,
  20,
  10,
  5,
  2,
  1,
  0.5,
  1 / 3,
  1 / 6,
  1 / 12,
  1 / 30,
  1 / 60,
  1 / 120,
  1 / 180,
  1 / 360,
  1 / 720,
  1 / 1800,
  1 / 3600,
];
/** Steps in decimal degrees. */
const DEGREE_STEPS = [
  60,
  30,
  20,
  10,
  5,
  2,
  1,
  0.5,
  0.2,
  0.1,
  0.05,
  0.02,
  0.01,
  0.005,
  0.002,
  0.001,
];

/** How a coordinate is written. */
export type SkyFormat = "hours" | "arc" | "degrees";

/** The step that gives at most `count` lines across a span. */
export function skyStep(format: SkyFormat, span: number, count: number): number {
  const steps = format === "hours" ? HOUR_STEPS : format === "arc" ? ARC_STEPS : DEGREE_STEPS;
  let best = steps[0]!;
  for (const step of steps) if (span / step <= count) best = step;
  return best;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** The label of a value that is a multiple of a step: 5^{h}30^{m}, +22°00′, 184.5°. */
export function skyLabel(format: SkyFormat, value: number, step: number, signed: boolean): string {
  const sign = value < -1e-9 ? "−" : signed ? "+" : "";
  if (format === "degrees") {
    const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return `${value < -1e-9 ? "−" : signed && value > 1e-9 ? "+" : ""}${
      Math.abs(value).toFixed(decimals)
    }°`;
  }
  const units = format === "hours" ? value / 15 : Math.abs(value), small = Math.round(units * 3600);
  const first = Math.floor(small / 3600),
    minutes = Math.floor(small / 60) % 60,
    seconds = small % 60;
  const unitStep = format === "hours" ? step / 15 : step;
  const depth = unitStep >= 1 - 1e-9 ? 0 : unitStep * 60 >= 1 - 1e-9 ? 1 : 2;
  if (format === "hours") {
    const parts = [`${first % 24}^{h}`, `${two(minutes)}^{m}`, `${two(seconds)}^{s}`];
    return parts.slice(0, depth + 1).join("");
  }
  return sign +
    [`${two(first)}°`, `${two(minutes)}′`, `${two(seconds)}″`].slice(0, depth + 1).join("");
}
