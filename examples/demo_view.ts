/** The live view of the demo: a few lines on a terminal that are written over; nothing elsewhere. */
import type { DemoProgress } from "./demo_run.ts";

const BAR = 40;

/** A bar as long as a fraction of the width. */
function bar(fraction: number): string {
  const n = Math.round(BAR * Math.min(1, Math.max(0, fraction)));
  return "█".repeat(n) + "·".repeat(BAR - n);
}

/** Makes the view on stderr. */
export function liveView(): { show(so: DemoProgress): void; clear(): void } {
  const isTerminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  let lines = 0, shownMs = -Infinity;
  const up = () => lines > 0 ? `\x1b[${lines}A\x1b[J` : "";
  return {
    show({ timeS, steadySigma, h, focus }) {
      if (!isTerminal || performance.now() - shownMs < 40) return;
      shownMs = performance.now();
      const text = [
        `time    ${bar(timeS / 1860)} ${timeS.toFixed(0)} s`,
        `steady  ${bar(steadySigma / 120)} ${steadySigma.toFixed(1)} σ`,
        `pulsar  ${bar(Math.log10(1 + h) / 4)} H = ${h.toFixed(0)}`,
        `flare   ${bar(focus.significance / 40)} ${focus.significance.toFixed(1)} σ` +
        (focus.significance > 6 ? `, onset ${focus.onsetS.toFixed(0)} s` : ""),
      ];
      write(up() + text.join("\n") + "\n");
      lines = text.length;
    },
    clear() {
      if (lines > 0) write(up());
      lines = 0;
    },
  };
}
