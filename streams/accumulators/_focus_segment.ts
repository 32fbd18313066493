/*
 * Poisson-FOCuS on hulls: the best of all windows, in logarithmic memory, mergeable.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | X | cumulative counts |
 * | B | cumulative expected counts, an absolute clock: equal times have equal B |
 * | μ | factor by which a window is brighter than expected, at least μ_min |
 * | g(x, b) | max over μ ≥ μ_min of x ln μ − (μ − 1) b: log-likelihood ratio of a window |
 * | k | (μ_min − 1) / ln μ_min: windows with x ≤ k b have g ≤ 0 |
 *
 * A window goes from a start (B, X) to an end (B, X). For a given μ the best start has the least, the
 * best end the greatest X ln μ − (μ − 1) B: starts lie on a lower hull with rising slopes above k,
 * ends on an upper hull with falling slopes above k. All other points can be forgotten, also for
 * windows that begin in one segment and end in another: g is convex and homogeneous.
 */

/** A point of a hull: cumulative expected and observed counts, and its time. */
export interface FocusPoint {
  readonly b: number;
  readonly x: number;
  readonly timeS: number;
}

/** Numbers of a start in the list: b, x, time, and a bound on g of any window from an older start. */
const START = 4;
/** Numbers of an end in the list: b, x, time. */
const END = 3;

/** What is kept of a stretch of the stream: flat lists, so that a photon makes no garbage. */
export interface FocusSegment {
  /** Total counts. */
  x: number;
  /** Candidate starts, oldest first. */
  starts: Float64Array;
  /** How many. */
  nStarts: number;
  /** Candidate ends, oldest first. */
  ends: Float64Array;
  /** How many. */
  nEnds: number;
  /** g of the best window so far; 0 where none is brighter than expected. */
  bestValue: number;
  /** Its start and end: b, x, time each. */
  best: Float64Array;
}

/** The tests of one μ_min. */
export interface FocusRules {
  readonly muMin: number;
  readonly logMuMin: number;
  readonly k: number;
}

export function focusRules(muMin: number): FocusRules {
  if (!(muMin >= 1) || !Number.isFinite(muMin)) {
    throw new RangeError(`muMin is a factor of 1 or more, found ${muMin}`);
  }
  const logMuMin = Math.log(muMin);
  return { muMin, logMuMin, k: muMin === 1 ? 1 : (muMin - 1) / logMuMin };
}

export function emptySegment(): FocusSegment {
  return {
    x: 0,
    starts: new Float64Array(8 * START),
    nStarts: 0,
    ends: new Float64Array(8 * END),
    nEnds: 0,
    bestValue: 0,
    best: new Float64Array(6),
  };
}

/** g(x, b); 0 where the window is not brighter than expected. */
export function windowValue(x: number, b: number, { muMin, logMuMin, k }: FocusRules): number {
  if (!(x > k * b)) return 0;
  return x >= muMin * b ? x * Math.log(x / b) - (x - b) : x * logMuMin - (muMin - 1) * b;
}

/** A bound on g without a logarithm: ln r ≤ (r − 1) / √r. */
function cheapBound(x: number, b: number): number {
  return x > b ? (x - b) * (Math.sqrt(x / b) - 1) : 0;
}

function grown(list: Float64Array, needed: number): Float64Array {
  if (needed <= list.length) return list;
  const longer = new Float64Array(2 * needed);
  longer.set(list);
  return longer;
}

/** Adds a candidate start at the present count, later than all others. */
export function pushStart(segment: FocusSegment, b: number, timeS: number, k: number): void {
  const { starts, x } = segment;
  let n = segment.nStarts;
  // A start is of no use where a later one has fewer counts to spare at every μ.
  while (n > 0 && !(x - starts[START * n - 3]! > k * (b - starts[START * n - 4]!))) n--;
  while (n > 1) {
    const q = START * (n - 1), p = q - START;
    const qb = starts[q]!, qx = starts[q + 1]!;
    if ((qx - starts[p + 1]!) * (b - qb) < (x - qx) * (qb - starts[p]!)) break;
    n--;
  }
  const at = START * n;
  const list = segment.starts = grown(starts, at + START);
  list[at] = b;
  list[at + 1] = x;
  list[at + 2] = timeS;
  list[at + 3] = n === 0 ? 0 : list[at - 1]! + cheapBound(x - list[at - 3]!, b - list[at - 4]!);
  segment.nStarts = n + 1;
}

/** Adds a candidate end, later than all others. */
export function pushEnd(
  segment: FocusSegment,
  b: number,
  x: number,
  timeS: number,
  k: number,
): void {
  const { ends } = segment;
  let n = segment.nEnds;
  if (n > 0 && !(x - ends[END * n - 2]! > k * (b - ends[END * n - 3]!))) return;
  while (n > 1) {
    const q = END * (n - 1), p = q - END;
    const qb = ends[q]!, qx = ends[q + 1]!;
    if ((qx - ends[p + 1]!) * (b - qb) > (x - qx) * (qb - ends[p]!)) break;
    n--;
  }
  const at = END * n;
  const list = segment.ends = grown(ends, at + END);
  list[at] = b;
  list[at + 1] = x;
  list[at + 2] = timeS;
  segment.nEnds = n + 1;
}

/** Tests all windows that end here, stopping where no older start can beat the best. */
function testEnd(
  segment: FocusSegment,
  endB: number,
  endX: number,
  endS: number,
  rules: FocusRules,
): void {
  const { starts } = segment;
  for (let at = START * (segment.nStarts - 1); at >= 0; at -= START) {
    const x = endX - starts[at + 1]!, b = endB - starts[at]!, bound = cheapBound(x, b);
    if (starts[at + 3]! + bound <= segment.bestValue) return;
    if (bound <= segment.bestValue) continue;
    const value = windowValue(x, b, rules);
    if (value <= segment.bestValue) continue;
    segment.bestValue = value;
    const { best } = segment;
    best[0] = starts[at]!;
    best[1] = starts[at + 1]!;
    best[2] = starts[at + 2]!;
    best[3] = endB;
    best[4] = endX;
    best[5] = endS;
  }
}

/**
 * Counts `x` events between a start and an end, which follow all that was seen. No window begins
 * where the clock stands still: those events belong to the windows that are open.
 */
export function focusStep(
  segment: FocusSegment,
  startB: number,
  startS: number,
  endB: number,
  endS: number,
  x: number,
  rules: FocusRules,
): void {
  if (endB > startB) pushStart(segment, startB, startS, rules.k);
  const total = segment.x += x, { starts, ends, nStarts, nEnds } = segment;
  // Most ends end no window that matters: asked here, where numbers need no boxes for a call.
  const start = START * nStarts - START, end = END * nEnds - END;
  const isOpen = nStarts > 0 &&
    starts[start + 3]! + cheapBound(total - starts[start + 1]!, endB - starts[start]!) >
      segment.bestValue;
  if (isOpen) testEnd(segment, endB, total, endS, rules);
  if (nEnds > 0 && !(total - ends[end + 1]! > rules.k * (endB - ends[end]!))) return;
  pushEnd(segment, endB, total, endS, rules.k);
}

/** Appends a later segment. `from` is left alone. */
export function mergeSegments(
  into: FocusSegment,
  from: Readonly<FocusSegment>,
  rules: FocusRules,
): void {
  const before = into.x;
  for (let at = 0; at < END * from.nEnds; at += END) {
    testEnd(into, from.ends[at]!, from.ends[at + 1]! + before, from.ends[at + 2]!, rules);
  }
  // Of equal windows the one that ended first was found first, and of those the latest start.
  const ties = from.bestValue === into.bestValue && from.best[4]! + before <= into.best[4]!;
  if (from.bestValue > 0 && (from.bestValue > into.bestValue || ties)) {
    into.bestValue = from.bestValue;
    into.best.set(from.best);
    into.best[1] = into.best[1]! + before;
    into.best[4] = into.best[4]! + before;
  }
  for (let at = 0; at < START * from.nStarts; at += START) {
    into.x = from.starts[at + 1]! + before;
    pushStart(into, from.starts[at]!, from.starts[at + 2]!, rules.k);
  }
  for (let at = 0; at < END * from.nEnds; at += END) {
    pushEnd(into, from.ends[at]!, from.ends[at + 1]! + before, from.ends[at + 2]!, rules.k);
  }
  into.x = before + from.x;
}

/** A segment at rest: the lists at their lengths. */
export type PackedSegment = {
  readonly x: number;
  readonly bestValue: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly best: Float64Array;
};

export function packSegment(segment: Readonly<FocusSegment>): PackedSegment {
  return {
    x: segment.x,
    bestValue: segment.bestValue,
    starts: segment.starts.slice(0, START * segment.nStarts),
    ends: segment.ends.slice(0, END * segment.nEnds),
    best: segment.best.slice(),
  };
}

export function unpackSegment(packed: PackedSegment): FocusSegment {
  const { x, bestValue, starts, ends, best } = packed;
  return {
    x,
    bestValue,
    starts: starts.slice(),
    nStarts: starts.length / START,
    ends: ends.slice(),
    nEnds: ends.length / END,
    best: best.slice(),
  };
}

/** A deep copy. */
export function copySegment(segment: Readonly<FocusSegment>): FocusSegment {
  return unpackSegment(packSegment(segment));
}
