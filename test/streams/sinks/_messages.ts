import { alertKey } from "../../../src/alerts/mod.ts";
import { createAlert } from "../../../src/alerts/mod.ts";
import type { AlertMessage } from "../../../streams/sinks/mod.ts";
import { LEAST } from "../../src/alerts/_alerts.ts";

/** The first messages of a search: three about every transient. */
export function messages(n: number): AlertMessage[] {
  const phases = ["initial", "update", "end"] as const;
  return Array.from({ length: n }, (_, seq) => {
    const record = seq % 3, id = `transient-${Math.floor(seq / 3)}`;
    return { seq, alert: createAlert({ ...LEAST, id, record, phase: phases[record]! }) };
  });
}

/** Names of messages, in their order. */
export function keysOf(list: readonly AlertMessage[]): string[] {
  return list.map(({ alert }) => alertKey(alert));
}
