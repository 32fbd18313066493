/** What the summary of a stream shows of its document. */
export interface SummaryDocument {
  readonly account: { read: number; used: number; late: number; rejected: Record<string, number> };
  readonly events: { energyMinTeV: number | null; energyMaxTeV: number | null };
  readonly observations: number;
  readonly livetimeS: number;
  readonly files: readonly string[];
  readonly throughputEventsPerS: number;
  readonly peakMemoryBytes: number;
  readonly phaseTests?: { H: number; HHarmonic: number; logPH: number };
}

/** Prints what a stream has come to, for people to read. */
export function printSummary(summary: SummaryDocument, out: string | undefined): void {
  const { account, events, files } = summary;
  const rejected = Object.entries(account.rejected).map(([reason, n]) => `${reason} ${n}`).join(
    ", ",
  );
  const lines = [
    `observations  ${summary.observations}`,
    `events        ${account.used} used of ${account.read} read` +
    (account.late > 0 ? `, ${account.late} late` : "") +
    (rejected === "" ? "" : ` (rejected: ${rejected})`),
    `live time     ${summary.livetimeS.toFixed(2)} s`,
  ];
  if (events.energyMinTeV !== null) {
    lines.push(
      `energies      ${events.energyMinTeV.toPrecision(4)} to ${
        events.energyMaxTeV!.toPrecision(4)
      } TeV`,
    );
  }
  if (summary.phaseTests !== undefined) {
    const { H, HHarmonic, logPH } = summary.phaseTests;
    lines.push(
      `H test        ${H.toFixed(2)} at harmonic ${HHarmonic}, ln p = ${logPH.toFixed(2)}`,
    );
  }
  lines.push(
    `speed         ${Math.round(summary.throughputEventsPerS)} events/s, ` +
      `${Math.round(summary.peakMemoryBytes / 1e6)} MB`,
  );
  if (out !== undefined) {
    lines.push(`files         ${files.map((name) => `${out}/${name}`).join(" ")}`);
  }
  console.log(lines.join("\n"));
}
