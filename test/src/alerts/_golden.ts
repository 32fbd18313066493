import golden from "../../golden/alerts.json" with { type: "json" };
import { type Alert, type AlertFields, createAlert } from "../../../src/alerts/mod.ts";

/** An alert, and what its notice and its VOEvent must say. */
export interface GoldenAlert {
  readonly name: string;
  readonly alert: Alert;
  readonly gcn: Readonly<Record<string, unknown>>;
  readonly isoTime: string;
  readonly role: string;
  readonly citations: readonly (readonly [cite: string, record: number])[];
}

/** The cases of test/golden/alerts.json. */
export const GOLDEN: readonly GoldenAlert[] = golden.cases.map((one) => ({
  ...one,
  alert: createAlert(one.alert as unknown as AlertFields),
  citations: one.citations as unknown as GoldenAlert["citations"],
}));

/** When they are sent. */
export const SENT_AT: string = golden.sentAt;

/** Relative tolerance of their numbers. */
export const RTOL: number = golden.tolerance.relative;
