import { fingerprint } from "../numeric/mod.ts";

/** Bins with names instead of coordinates: event types, bands, observations. */
export interface LabelAxis {
  /** Which axis this is. */
  readonly kind: "label-axis";
  /** What the labels are: "event_type". */
  readonly name: string;
  /** The labels, each once. */
  readonly labels: readonly string[];
  /** Number of labels. */
  readonly nBins: number;
}

/**
 * Makes an axis of labels.
 *
 * @param name What the labels are.
 * @param labels One or more, each once; copied.
 * @returns A frozen record.
 * @throws RangeError for no label; TypeError for one that stands there twice.
 * @example
 * ```ts
 * import { createLabelAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createLabelAxis("event_type", ["PSF0", "PSF1"]).nBins, 2);
 * ```
 * @see gammapy.maps.LabelMapAxis
 */
export function createLabelAxis(name: string, labels: readonly string[]): LabelAxis {
  if (labels.length === 0) throw new RangeError(`Axis ${name} needs one label or more, found none`);
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (twice !== undefined) throw new TypeError(`Axis ${name}: the label "${twice}" is there twice`);
  return Object.freeze({
    kind: "label-axis",
    name,
    labels: Object.freeze([...labels]),
    nBins: labels.length,
  });
}

/**
 * The place of a label on its axis.
 *
 * @returns 0 … nBins − 1.
 * @throws RangeError for a label that is not there, naming those that are.
 * @example
 * ```ts
 * import { createLabelAxis, labelIndex } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(labelIndex(createLabelAxis("band", ["low", "high"]), "high"), 1);
 * ```
 */
export function labelIndex(axis: LabelAxis, label: string): number {
  const index = axis.labels.indexOf(label);
  if (index < 0) {
    throw new RangeError(
      `Axis ${axis.name} has no label "${label}": it has ${axis.labels.join(", ")}`,
    );
  }
  return index;
}

/** The canonical text of an axis. */
export function labelAxisKey({ kind, name, labels }: LabelAxis): string {
  return fingerprint({ kind, name, labels });
}

/** Whether two axes have the same labels in the same order. */
export function sameLabelAxis(a: LabelAxis, b: LabelAxis): boolean {
  return labelAxisKey(a) === labelAxisKey(b);
}

/** Labels start … stop − 1 of an axis. */
export function sliceLabelAxis(axis: LabelAxis, start: number, stop: number): LabelAxis {
  return createLabelAxis(axis.name, axis.labels.slice(start, stop));
}

/** One label made of all. */
export function squashLabelAxis(axis: LabelAxis): LabelAxis {
  return createLabelAxis(axis.name, [axis.labels.join("+")]);
}
