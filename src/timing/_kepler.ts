/*
 * Kepler's equation E − e sin E = M.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | m | mean anomaly, cycles | any |
 * | e | eccentricity | [0, 1) |
 *
 * Danby's starting value and fourth-order steps (Danby 1988, Fundamentals of Celestial Mechanics,
 * 6.6). A start never depends on the event before, so no cut of a stream changes a bit.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";

const TURN = 2 * Math.PI;

/** Starts, cycles, for mean anomalies m, cycles: good enough for any e. */
export function keplerStarts(
  m: Float64Array,
  e: Float64Array,
  count: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const mean = m[i]!, ecc = e[i]!, rest = mean - Math.floor(mean + 0.5);
    out[i] = ecc < 0.25
      ? mean + ecc * sin2pi(mean) * (1 + ecc * cos2pi(mean)) / TURN
      : mean + (rest < 0 ? -0.85 : 0.85) * ecc / TURN;
  }
}

/** Solves for E, cycles, from the starts in `anomaly`; fills sin E and cos E too. */
export function solveKepler(
  m: Float64Array,
  e: Float64Array,
  count: number,
  anomaly: Float64Array,
  sinE: Float64Array,
  cosE: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const mean = m[i]!, ecc = e[i]!;
    let turns = anomaly[i]!, delta = 1, s = 0, c = 0;
    for (let step = 0; step < 20 && !(Math.abs(delta) < 1e-4); step++) {
      s = sin2pi(turns);
      c = cos2pi(turns);
      const es = ecc * s, ec = ecc * c, f = TURN * (turns - mean) - es, slope = 1 - ec;
      const first = -f / slope;
      const second = -f / (slope + 0.5 * first * es);
      delta = -f / (slope + second * (0.5 * es + second * ec / 6));
      turns += delta / TURN;
    }
    // what is left of E is of the fourth order; its sine and cosine are turned by the last step
    const square = 0.5 * delta * delta, turn = delta * (1 - square / 3);
    anomaly[i] = turns;
    sinE[i] = s + turn * c - square * s;
    cosE[i] = c - turn * s - square * c;
  }
}
